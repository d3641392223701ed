"""Institutes write their own mails (product F4); whatever they write, every mail goes out."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from core.kernel import letters
from core.kernel.letters import Case, Mail, Text
from core.kernel.models import AuditEntry, OutboxMail
from core.programme.models import Edition
from core.programme.queries import current, default_text, placeholders
from core.programme.rules import PLACEHOLDERS
from core.programme.services import Letter, publish, put_text, write_mail, write_mails
from tenants.models import Institute
from tests.factories.mentorships import make_person

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db
EVERY = [(mail, case) for mail in letters.catalogue() for case in mail.cases]
NAMED = [mail.key_of(case) for mail, case in EVERY]
FRAMES = {"base", "frame"}
RECEIVED = letters.known("request_received") or EVERY[0][0]
ALWAYS = RECEIVED.cases[0]
VALUES = {
    "mentee_name": "Lena Hart", "statement": "I want to lead.\n\nYou do.", "area": "",
    "page": "https://site.example/relationships/",
}  # fmt: skip


@pytest.fixture
def staff(member_client: Any, ciltuk: Institute) -> Client:
    client: Client = member_client(ciltuk, make_person("Tilda Ray", is_staff=True))
    return client


def own(body: str, **parts: str) -> None:
    """Publish a text past all checks, as an older version or a bundle could."""
    given = {"subject": "News", "body": body, "button_label": "Open", **parts}
    publish(letters.KIND, "request_received", given)


def write(**values: str) -> OutboxMail:
    written = write_mail(
        template="mails/request_received",
        to=("Samir Okafor", "samir@okafor.example"),
        kind="request_received",
        context={**VALUES, **values},
    )
    assert written is not None
    return written


def test_every_template_of_a_mail_is_in_the_catalogue() -> None:
    partial = {blank.template for mail in letters.catalogue() for blank in mail.blanks}
    there = {
        path.stem
        for path in ROOT.glob("core/*/templates/mails/*.txt")
        if path.stem not in FRAMES and f"mails/{path.name}" not in partial
    }
    assert there == {mail.name for mail in letters.catalogue()}
    assert all(len(key) <= 40 for key in NAMED)
    assert len(set(NAMED)) == len(NAMED)


@pytest.mark.parametrize(("mail", "case"), EVERY, ids=NAMED)
def test_original_words_with_placeholders_say_what_the_template_says(
    mail: Mail, case: Case
) -> None:
    gaps = [blank.key for blank in mail.blanks if blank.optional]
    default = default_text(mail.name, case.key)
    assert letters.flaws(mail, case, default, PLACEHOLDERS) == []
    for gap in [None, *gaps]:
        context = {blank.key: blank.example for blank in mail.blanks} | dict(case.given)
        if gap:
            context[gap] = ""
        context["programme"] = current()
        said = letters.filled(default, {**placeholders(), **mail.values(context)})
        for part in letters.NAMES:
            text = render_to_string(f"{mail.template}.txt", {**context, "part": part}).strip()
            squeezed = re.sub(r"\n{3,}", "\n\n", text) if part == "body" else text
            assert said[part] == squeezed, (gap, part)


def test_mail_says_the_words_of_the_institute_and_is_quoted_line_by_line() -> None:
    own("Hello, {{ mentee_name }} wrote:\n\n> {{ statement }}\n\n[[About: {{ chosen_area }}]]")
    mail = write(statement="One\n\nTwo {{ programme }} {% now 'Y' %}")
    assert "Hello, Lena Hart wrote:\n\n> One\n>\n> Two {{ programme }} {% now 'Y' %}" in mail.text
    assert "About" not in mail.text
    assert "About: Rail" in write(area="Rail").text
    assert mail.subject == "News"
    assert "{{ programme }}" in mail.html


def test_html_and_template_code_in_a_text_stay_text() -> None:
    own("<script>x</script> {{ mentee_name }}")
    mail = write(mentee_name="<b>Lena</b>")
    assert "<script>" not in mail.html
    assert "<b>Lena" not in mail.html
    assert "<script>x</script> <b>Lena</b>" in mail.text


@pytest.mark.parametrize(
    "broken",
    [
        {"body": "Dear {{ mentro_name }}", "subject": "A", "button_label": "B"},
        {"body": "{% include 'x' %}", "subject": "A", "button_label": "B"},
        {"body": "[[ {{ chosen_area }}", "subject": "A", "button_label": "B"},
        {"body": ["a list"], "subject": "A", "button_label": "B"},
        {},
    ],
    ids=["unknown", "code", "open", "no text", "empty"],
)
def test_broken_text_never_stops_a_mail_and_the_team_is_told_once(broken: dict[str, Any]) -> None:
    publish(letters.KIND, "request_received", broken)
    first, second = write(), write()
    assert "would like you to be their" in first.text
    assert second.subject == first.subject
    told = OutboxMail.objects.filter(kind="mail_text_unusable")
    assert [mail.to_address for mail in told] == [current().contact_email]
    assert AuditEntry.objects.filter(verb="mail.unusable").count() == 1


def test_many_mails_in_own_words_cost_no_more_queries(
    django_assert_num_queries: Any,
) -> None:
    own("Hello {{ mentee_name }}")
    person = make_person("Samir Okafor")
    write()
    for count in (1, 3):
        batch = [
            Letter(template="mails/request_received", to=person, context=VALUES, kind="x")
        ] * count
        with django_assert_num_queries(1):
            write_mails(batch)


def test_strangers_words_cannot_be_put_into_their_confirmation() -> None:
    mail = letters.known("enquiry_confirmed")
    assert mail is not None
    text = Text("{{ asked }}", "Hello", "Open")
    assert letters.flaws(mail, mail.cases[-1], text, PLACEHOLDERS)
    assert not letters.flaws(mail, mail.cases[1], text, PLACEHOLDERS)


def address(name: str = "mail_text", key: str = "request_received") -> str:
    return reverse(f"staff:{name}", args=[key])


def given(**parts: Any) -> dict[str, Any]:
    return {
        "subject": "{{ A_request }} for you", "body": "From {{ mentee_name }}.\r\n\r\nThanks.",
        "button_label": "Read it", "seen": 0, "step": "save", **parts,
    }  # fmt: skip


def test_staff_write_a_mail_see_the_difference_and_take_it_back(staff: Client) -> None:
    assert b"Read and change" in staff.get(reverse("staff:mail_texts")).content
    staff.post(address(), given())
    row = Edition.objects.get(kind=letters.KIND)
    assert row.document["body"] == "From {{ mentee_name }}.\n\nThanks."
    assert "From Lena Hart." in write().text
    page = staff.get(address()).content.decode()
    assert "Tilda Ray" in page
    assert "From {{ mentee_name }}." in page
    assert "your words" in staff.get(reverse("staff:mail_texts")).content.decode()
    staff.post(address(), given(step="default"))
    assert "would like you to be their" in write().text
    opened = staff.get(f"{address()}?version=1").content.decode()
    assert "From {{ mentee_name }}." in opened
    assert staff.get(f"{address()}?version=7").status_code == 404
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"mail.published", "mail.taken_back"} <= verbs


def test_what_is_wrong_is_said_beside_the_box_with_its_line(staff: Client) -> None:
    body = "Fine.\n\nDear {{ mentro }}\n{% now %}\n[[ always ]]"
    answer = staff.post(address(), given(body=body, subject=" "))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 3: {{ mentro }} stands for nothing in this mail." in page
    assert "Line 4: {% is not a placeholder" in page
    assert "Line 5: Nothing between [[ and ]] can be empty here" in page
    assert "Write something here." in page
    needed = staff.post(address(key="request_accepted"), given(body="Hi"))
    assert "{{ contact_details }} is missing" in needed.content.decode()
    assert not Edition.objects.filter(kind=letters.KIND).exists()


def test_staff_look_and_try_without_saving(staff: Client) -> None:
    cache.clear()
    typed = given(step="look", body="Look at {{ mentee_name }} & co.")
    page = staff.post(address(), typed).content.decode()
    assert 'sandbox=""' in page
    assert "Look at Lena Hart &amp;amp; co." in page
    live = staff.post(address("mail_text_preview"), typed).content.decode()
    assert "Look at Lena Hart" in live
    assert "stands for nothing" in staff.post(
        address("mail_text_preview"), given(body="{{ x }}")
    ).content.decode()  # fmt: skip
    staff.post(address(), given(step="test"))
    test = OutboxMail.objects.get(kind="mail_text_test")
    assert test.subject.startswith("[Test] ")
    assert "From Lena Hart." in test.text
    assert not Edition.objects.filter(kind=letters.KIND).exists()


def test_text_changed_by_a_colleague_is_not_overwritten_unseen(staff: Client) -> None:
    staff.post(address(), given())
    answer = staff.post(address(), given(body="Mine."))
    assert answer.status_code == 409
    assert "Mine." in answer.content.decode()
    assert Edition.objects.filter(kind=letters.KIND).count() == 1
    staff.post(address(), given(body="Mine.", seen=1))
    assert Edition.objects.filter(kind=letters.KIND).count() == 2


def test_original_words_are_no_version_and_fixed_mails_stay(staff: Client) -> None:
    default = default_text("request_received", "")
    staff.post(address(), {**default.document, "seen": 0, "step": "save"})
    staff.post(address(key="mail_text_unusable"), given(body="Hi {{ problem }}"))
    assert not Edition.objects.filter(kind=letters.KIND).exists()
    assert staff.get(address(key="nothing")).status_code == 404
    with pytest.raises(LookupError):
        default_text("nothing", "")


def test_reader_of_the_team_reads_and_changes_nothing(
    member_client: Any, ciltuk: Institute
) -> None:
    reader = make_person("Rea Low", is_staff=True)
    type(reader).objects.filter(pk=reader.pk).update(is_superuser=False, staff_role="reader")
    client = member_client(ciltuk, reader)
    page = client.get(address()).content.decode()
    assert "Use these words" not in page
    assert client.post(address(), given()).status_code == 403
    assert not put_text_exists()


def put_text_exists() -> bool:
    return Edition.objects.filter(kind=letters.KIND).exists()


def test_text_that_was_put_is_the_one_of_its_occasion_alone() -> None:
    mail = letters.known("request_withdrawn")
    assert mail is not None
    person = make_person("Tilda Ray", is_staff=True)
    put_text(mail, mail.cases[0], Text("By us", "We did.", "See"), by=person)
    names = {"mentee_name": "Lena", "mentor_name": "Samir", "dashboard": "https://site.example/"}
    for by_team, subject in ((True, "By us"), (False, "Lena has withdrawn their")):
        written = write_mail(
            template="mails/request_withdrawn",
            to=("Samir", "samir@okafor.example"),
            kind="request_withdrawn",
            context={**names, "by_team": by_team},
        )
        assert written is not None
        assert written.subject.startswith(subject)
