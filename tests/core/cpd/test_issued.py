"""Records with a code: issued once, never changed, checked by anybody, taken back."""

import hashlib
import re
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core.accounts.models import Person
from core.cpd import errors, rules, services
from core.cpd.models import Issued
from core.cpd.rules import Period, Scheme
from core.mentorships.models import Mentorship
from tests.core.cpd.conftest import YEAR, Visit
from tests.factories.diary import make_entry
from tests.factories.mentorships import make_mentor
from tests.factories.people import browser as anybody

pytestmark = pytest.mark.django_db
IN_2026 = Period(date(2026, 1, 1), date(2026, 12, 31))


def issued(person: Person) -> Issued:
    return services.issue(IN_2026, Scheme(scheme="Learning log"), by=person)


def said(browser: Client, code: str) -> str:
    """What the check page says, without the code that it echoes."""
    answer = browser.get("/cpd/check/", {"code": code})
    assert answer.status_code == 200
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def test_record_is_issued_as_a_pdf_that_says_what_was_chosen(
    visit: Visit, pair: Mentorship
) -> None:
    entry = make_entry(pair.mentee, title="On listening", text="I waited 三 breaths 🙂.")
    left_out = make_entry(pair.mentee, title="Not for others")
    browser = visit(pair.mentee)
    meeting = pair.meetings.get(title="Taking stock")
    form = {"line": [f"meeting:{meeting.pk}", f"reflection:{entry.pk}"], "form_key": str(uuid4())}
    for _ in range(2):
        answer = browser.post(f"/cpd/issue/{YEAR}", form, follow=True)
    record = Issued.objects.get()
    assert rules.in_groups(record.code) in answer.content.decode()
    content = browser.get(reverse("cpd:paper", args=[record.pk])).content
    assert hashlib.sha256(content).hexdigest() == record.digest
    pdf = PdfReader(BytesIO(content))
    text = " ".join("".join(sheet.extract_text() for sheet in pdf.pages).split())
    for words in (
        "Noor Vane",
        "1 January 2026 to 31 December 2026",
        "Taking stock (as mentee)",
        "1.5 hours",
        "I waited 三 breaths",
        rules.in_groups(record.code),
        "/cpd/check/",
    ):
        assert words in text
    assert left_out.title not in text
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]


def test_anybody_checks_a_code_and_reads_nothing_of_what_stands_in_it(pair: Mentorship) -> None:
    record = issued(pair.mentee)
    spelled = rules.in_groups(record.code).lower().replace("-", " ")
    page = said(anybody(), spelled)
    for words in ("This record was issued here", "Noor Vane", "Learning log", record.digest,
                  "1 January 2026 to 31 December 2026", "<dd>1.5</dd>"):  # fmt: skip
        assert words in page
    assert "Taking stock" not in page


def test_every_wrong_code_gets_the_same_answer(pair: Mentorship) -> None:
    record = issued(pair.mentee)
    near = record.code[:-1] + ("2" if record.code[-1] != "2" else "3")
    pages = {said(anybody(), code) for code in (near, "x", record.code[:-1], "<b>", "' or 1=1")}
    assert len(pages) == 1
    assert "No record has this code" in pages.pop()


def test_guessing_is_stopped(pair: Mentorship) -> None:
    stranger = anybody()
    answers = [stranger.get("/cpd/check/", {"code": "x"}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_record_that_was_taken_back_says_only_that(visit: Visit, pair: Mentorship) -> None:
    record = issued(pair.mentee)
    visit(pair.mentee).post(reverse("cpd:revoke", args=[record.pk]))
    page = said(anybody(), record.code)
    assert "took it back on 1 June 2026" in page
    assert "Noor Vane" not in page


def test_issued_record_never_changes(pair: Mentorship) -> None:
    record = issued(pair.mentee)
    pair.meetings.all().delete()
    pair.mentee.first_name = "Other"
    pair.mentee.save()
    assert "Noor Vane" in said(anybody(), record.code)
    record.minutes = 9_999
    with pytest.raises(TypeError):
        record.save()


def test_record_is_its_owners_alone(visit: Visit, pair: Mentorship) -> None:
    record = issued(pair.mentee)
    for other in (pair.mentor, make_mentor(is_staff=True, is_superuser=True)):
        browser = visit(other)
        assert browser.get(record.get_absolute_url()).status_code == 404
        assert browser.get(reverse("cpd:paper", args=[record.pk])).status_code == 404
        assert browser.post(reverse("cpd:revoke", args=[record.pk])).status_code == 404
        with pytest.raises(errors.NotTheirs):
            services.revoke(record, by=other)


def test_empty_record_is_not_issued(visit: Visit, pair: Mentorship) -> None:
    answer = visit(pair.mentee).post(f"/cpd/issue/{YEAR}", {}, follow=True)
    assert "Choose at least one line" in answer.content.decode()
    assert not Issued.objects.exists()


def test_more_than_a_record_holds_is_said_in_words(
    pair: Mentorship, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LETTERS", 3)
    with pytest.raises(errors.TooMuch):
        issued(pair.mentee)
