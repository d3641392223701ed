"""Nobody but its writer ever meets a word of a diary."""

import logging

import pytest
from django.urls import NoReverseMatch, reverse

from core.accounts.models import Person
from core.diary import errors, services
from core.diary.models import Draft, Entry
from core.kernel.models import AuditEntry, OutboxMail
from core.kernel.staff import staff_site
from core.mentorships.states import State
from tests.core.diary.conftest import Visit
from tests.factories.diary import make_entry, written
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db
MARK = "quivering lanterns"


def others(writer: Person) -> list[Person]:
    """The partner, another mentee, and the head of the programme team."""
    two = make_mentorship(mentee=writer, state=State.ACTIVE)
    head = make_mentor(is_staff=True, is_superuser=True)
    return [two.mentor, make_mentee(), head]


def test_others_are_told_that_there_is_no_such_page(visit: Visit, writer: Person) -> None:
    entry = make_entry(writer, title=MARK, text=MARK)
    addresses = [reverse(f"diary:{name}", args=[entry.pk]) for name in ("entry", "edit")]
    deeds = [reverse(f"diary:{name}", args=[entry.pk]) for name in ("delete", "restore", "edit")]
    for other in others(writer):
        browser = visit(other)
        for address in addresses:
            answer = browser.get(address)
            assert (answer.status_code, MARK in answer.content.decode()) == (404, False)
        for address in [*deeds, f"/diary/draft/?entry={entry.pk}"]:
            assert browser.post(address, written(text="Mine now")).status_code == 404
        for query in ("", f"?q={MARK}", f"?deleted={entry.pk}", "?theme=x"):
            assert MARK + "</a>" not in browser.get(f"/diary/{query}").content.decode()
        with pytest.raises(errors.NotTheirs):
            services.delete(entry, by=other)
    entry.refresh_from_db()
    assert (entry.text, entry.deleted_at, Draft.objects.count()) == (MARK, None, 0)


def test_partner_cannot_fetch_back_what_the_writer_deleted(visit: Visit, writer: Person) -> None:
    partner = others(writer)[0]
    entry = make_entry(writer)
    services.delete(entry, by=writer)
    assert visit(partner).post(reverse("diary:restore", args=[entry.pk])).status_code == 404


def test_writing_leaves_no_trace_in_audit_mails_and_logs(
    visit: Visit, writer: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    audited, mails = AuditEntry.objects.count(), OutboxMail.objects.count()
    browser = visit(writer)
    browser.post("/diary/draft/", {"title": MARK, "text": MARK})
    browser.post("/diary/write/", written(title=MARK, text=MARK, themes=MARK))
    entry = Entry.objects.get()
    browser.post(reverse("diary:edit", args=[entry.pk]), written(title=MARK, text=MARK * 2))
    browser.get(f"/diary/?q={MARK}")
    browser.get("/diary/diary.pdf")
    browser.post(reverse("diary:delete", args=[entry.pk]))
    assert (AuditEntry.objects.count(), OutboxMail.objects.count()) == (audited, mails)
    logged = [one.getMessage() for one in caplog.records if one.name != "django.db.backends"]
    assert not [line for line in logged if MARK in line]


def test_staff_site_knows_no_diary(visit: Visit, writer: Person) -> None:
    assert not {Entry, Draft} & set(staff_site._registry)
    make_entry(writer, title=MARK, text=MARK, themes=[MARK])
    services.keep_draft(by=writer, entry=None, title=MARK, text=MARK)
    browser = visit(make_mentor(is_staff=True, is_superuser=True))
    seen = []
    for model in staff_site._registry:
        label = model._meta.label_lower.replace(".", "_")
        for page in (f"{label}_changelist", f"{label}_export"):
            try:
                seen.append(browser.get(reverse(f"staff:{page}"), {"q": MARK.split()[0]}))
            except NoReverseMatch:
                continue
    for route, name, _ in staff_site._pages:
        if "<" not in route:
            seen.append(browser.get(reverse(f"staff:{name}")))
    seen.append(browser.get(reverse("staff:accounts_person_change", args=[writer.pk])))
    assert len(seen) > 10
    for answer in seen:
        assert answer.status_code < 500
        assert MARK not in answer.getvalue().decode(errors="replace")
