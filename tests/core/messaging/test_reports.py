"""Reports, the safeguarding queue, and muting (product D10, decision 4)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.queries import blocked_between
from core.accounts.services import block
from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.models import AuditEntry, OutboxMail
from core.messaging import errors, services
from core.messaging.models import Message, Mute, Report, ReportKind, ReportState
from core.messaging.rules.reporting import AFTER, BEFORE, REPORTS_A_DAY
from tests.core.messaging.conftest import Browser
from tests.factories.mentorships import make_mentee, make_mentor
from tests.factories.people import someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(browser: Browser) -> Client:
    return browser(someone(is_staff=True))


def write(by: Person, to: Person, text: str = "Good morning.", **more: Any) -> Message:
    return services.send(to=to, text=text, key=new_id(), by=by, **more)


def address(about: Person, message: Message | None = None) -> str:
    query = f"?message={message.number}" if message else ""
    return reverse("messaging:report", args=[about.pk]) + query


def made(by: Person, about: Person, **more: Any) -> Report:
    given: dict[str, Any] = {"kind": ReportKind.PERSON, "reason": "other", "text": "Please look"}
    return services.report(about=about, by=by, key=new_id(), **{**given, **more})


def page_of(report: Report) -> str:
    return reverse("staff:safeguarding", args=[report.pk])


@pytest.mark.usefixtures("asked")
def test_member_reports_a_message_it_goes_with_those_around_it(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    lines = [write(mentor, mentee, f"Line {number}") for number in range(1, 25)]
    bad = lines[14]
    client = browser(mentee)
    page = client.get(address(mentor, bad)).content.decode()
    assert "Line 15" in page
    form = {"kind": "message", "reason": "harassment", "text": "This frightened me"}
    sent = client.post(address(mentor, bad), form, follow=True)
    assert "Your report is with" in sent.content.decode()
    report = Report.objects.get()
    assert [one["number"] for one in report.snapshot] == list(
        range(bad.number - BEFORE, bad.number + AFTER + 1)
    )
    assert [one["number"] for one in report.snapshot if one["reported"]] == [bad.number]
    assert AuditEntry.objects.filter(verb="report made").count() == 1


@pytest.mark.usefixtures("asked")
def test_frozen_copy_stays_as_it_was(mentor: Person, mentee: Person) -> None:
    bad = write(mentor, mentee, "Unkind words")
    report = made(mentee, mentor, kind=ReportKind.MESSAGE, message=bad)
    Message.objects.filter(pk=bad.pk).update(text="Kind words")
    Person.objects.filter(pk=mentor.pk).update(first_name="Somebody")
    report.refresh_from_db()
    assert report.snapshot[0]["text"] == "Unkind words"
    assert report.snapshot[0]["sender"] == "Ada Lark"


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("shared", [True, False])
def test_report_of_a_person_takes_messages_along_only_with_leave(
    shared: bool, mentor: Person, mentee: Person, browser: Browser, staff: Client
) -> None:
    write(mentor, mentee, "Between us")
    form = {"kind": "person", "reason": "other", "text": "Please look"}
    form |= {"with_messages": "on"} if shared else {}
    browser(mentee).post(address(mentor), form)
    page = staff.get(page_of(Report.objects.get())).content.decode()
    assert ("Between us" in page) is shared


@pytest.mark.usefixtures("asked")
def test_member_asks_the_team_to_step_in(mentor: Person, mentee: Person, browser: Browser) -> None:
    form = {"kind": "step_in", "text": "We do not get on"}
    assert browser(mentor).post(address(mentee), form).status_code == 302
    report = Report.objects.get()
    assert report.kind == ReportKind.STEP_IN
    mail = OutboxMail.objects.get(kind="report_received")
    assert "step in" in mail.subject
    assert not [word for word in ("Ada", "Bo Finch", "get on") if word in mail.text + mail.html]


@pytest.mark.usefixtures("asked")
def test_member_reports_and_blocks_at_once(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentor, mentee)
    form = {"kind": "person", "reason": "other", "text": "Enough", "block": "on"}
    browser(mentee).post(address(mentor), form)
    assert blocked_between(mentee, mentor)
    assert Report.objects.count() == 1


@pytest.mark.usefixtures("asked")
def test_blocked_member_can_still_be_reported(mentor: Person, mentee: Person) -> None:
    write(mentor, mentee)
    block(mentor, by=mentee)
    assert made(mentee, mentor).about == mentor


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "person", "text": "x"},
        {"kind": "message", "reason": "other", "text": "x"},
        {"kind": "person", "reason": "nonsense", "text": "x"},
        {"kind": "person", "reason": "other", "text": " "},
        {"kind": "person", "reason": "other", "text": "x" * 4001},
    ],
)
def test_report_that_says_too_little_or_too_much_goes_back(
    form: dict[str, str], mentor: Person, mentee: Person, browser: Browser
) -> None:
    answer = browser(mentee).post(address(mentor), form)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.usefixtures("asked")
def test_report_pressed_twice_is_made_once(mentor: Person, mentee: Person) -> None:
    key = new_id()
    for _ in range(2):
        services.report(
            about=mentor, by=mentee, key=key, kind=ReportKind.PERSON, reason="other", text="x"
        )
    assert Report.objects.count() == 1
    assert OutboxMail.objects.filter(kind="report_received").count() == 1


@pytest.mark.usefixtures("asked")
def test_member_cannot_flood_the_queue(mentor: Person, mentee: Person) -> None:
    for _ in range(REPORTS_A_DAY):
        made(mentee, mentor)
    with pytest.raises(errors.TooMuch):
        made(mentee, mentor)


def test_member_reports_only_people_they_have_to_do_with(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    other = make_mentee()
    assert browser(mentor).get(address(other)).status_code == 404
    assert browser(mentee).get(address(mentee)).status_code == 404
    assert browser(mentee).get(address(mentor)).status_code == 200


@pytest.mark.usefixtures("asked")
def test_member_cannot_report_with_a_message_of_other_people(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    other = make_mentor()
    services.ask(to=other, text="Of somebody else", key=new_id(), by=make_mentee())
    write(mentor, mentee, "Ours")
    page = browser(mentee).get(reverse("messaging:report", args=[other.pk]) + "?message=1")
    assert "Of somebody else" not in page.content.decode()


# --- the queue -----------------------------------------------------------------------------------
@pytest.mark.usefixtures("asked")
def test_reading_a_report_is_noted_each_time(mentor: Person, mentee: Person, staff: Client) -> None:
    report = made(mentee, mentor, text="He wrote at night")
    listed = staff.get(reverse("staff:messaging_report_changelist")).content.decode()
    assert "He wrote at night" not in listed
    assert not AuditEntry.objects.filter(verb="report read").exists()
    for _ in range(2):
        assert "He wrote at night" in staff.get(page_of(report)).content.decode()
    assert AuditEntry.objects.filter(verb="report read", thing_id=str(report.pk)).count() == 2


@pytest.mark.usefixtures("asked")
def test_every_way_to_a_report_leads_to_the_page_that_notes(
    mentor: Person, mentee: Person, staff: Client
) -> None:
    report = made(mentee, mentor)
    change = reverse("staff:messaging_report_change", args=[report.pk])
    assert staff.get(change).headers["Location"] == page_of(report)
    assert staff.get("/staff/messaging/report/nonsense/change/").status_code == 404
    assert "Safeguarding" in staff.get("/staff/").content.decode()


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("who", ["stranger", "member", "reported"])
def test_queue_is_closed_to_members_and_to_whoever_is_reported(
    who: str, mentor: Person, mentee: Person, browser: Browser, ciltuk: Any,
    member_client: Callable[..., Client],
) -> None:  # fmt: skip
    report = made(mentee, mentor, text="About Ada")
    if who == "stranger":
        client = member_client(ciltuk)
    elif who == "member":
        client = browser(mentee)
    else:
        Person.objects.filter(pk=mentor.pk).update(is_staff=True, is_superuser=True)
        client = browser(Person.objects.get(pk=mentor.pk))
    answer = client.get(page_of(report), follow=True)
    assert "About Ada" not in answer.content.decode()
    assert client.post(page_of(report), {"step": "take"}).status_code in (302, 404)
    if who == "reported":
        listed = client.get(reverse("staff:messaging_report_changelist")).content.decode()
        assert str(report.pk) not in listed
    report.refresh_from_db()
    assert report.state == ReportState.NEW


@pytest.mark.usefixtures("asked")
def test_staff_take_note_and_resolve(mentor: Person, mentee: Person, staff: Client) -> None:
    report = made(mentee, mentor)
    for form in (
        {"step": "take"},
        {"step": "note", "text": "Spoke with both."},
        {"step": "resolve", "text": "They part as friends."},
    ):
        assert staff.post(page_of(report), form).status_code == 302
    report.refresh_from_db()
    assert report.state == ReportState.RESOLVED
    assert report.outcome == "They part as friends."
    page = staff.get(page_of(report)).content.decode()
    assert "Spoke with both." in page
    staff.post(page_of(report), {"step": "take"})
    report.refresh_from_db()
    assert report.state == ReportState.IN_HAND
    assert {"report taken in hand", "report noted", "report resolved"} <= set(
        AuditEntry.objects.values_list("verb", flat=True)
    )


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("form", [{"step": "resolve", "text": " "}, {"step": "note"}])
def test_staff_write_nothing_and_nothing_is_written(
    form: dict[str, str], mentor: Person, mentee: Person, staff: Client
) -> None:
    report = made(mentee, mentor)
    staff.post(page_of(report), form)
    report.refresh_from_db()
    assert report.state == ReportState.NEW
    assert not report.notes.exists()


@pytest.mark.usefixtures("asked")
def test_staff_mute_a_member_for_a_week(
    mentor: Person, mentee: Person, staff: Client, browser: Browser
) -> None:
    write(mentor, mentee)
    report = made(mentee, mentor)
    staff.post(page_of(report), {"step": "mute", "person": str(mentor.pk), "days": "7"})
    with pytest.raises(errors.CannotWrite, match=r"mentoring@ciltuk\.example"):
        write(mentor, mentee)
    write(mentee, mentor)
    page = browser(mentor).get(reverse("messaging:thread", args=[mentee.pk])).content.decode()
    assert "Your messages are stopped for now" in page
    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        write(mentor, mentee)


@pytest.mark.usefixtures("asked")
def test_staff_lift_a_mute(mentor: Person, mentee: Person, staff: Client) -> None:
    report = made(mentee, mentor)
    staff.post(page_of(report), {"step": "mute", "person": str(mentor.pk), "days": "0"})
    with pytest.raises(errors.CannotWrite):
        write(mentor, mentee)
    assert "until it is lifted" in staff.get(page_of(report)).content.decode()
    staff.post(page_of(report), {"step": "lift", "person": str(mentor.pk)})
    write(mentor, mentee)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("days", ["7", "5", "x", "-1"])
def test_staff_cannot_mute_somebody_else_or_for_other_times(
    days: str, mentor: Person, mentee: Person, staff: Client
) -> None:
    report = made(mentee, mentor)
    person = make_mentor() if days == "7" else mentor
    form = {"step": "mute", "person": str(person.pk), "days": days}
    assert staff.post(page_of(report), form).status_code == 404
    assert not Mute.objects.exists()


@pytest.mark.usefixtures("asked")
def test_staff_open_a_file_of_a_report_and_no_other(
    mentor: Person, mentee: Person, staff: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    sent = [
        write(mentor, mentee, files=services.check_files([SimpleUploadedFile(name, b"words")]))
        for name in ("reported.txt", "other.txt")
    ]
    report = made(mentee, mentor)
    files = [message.files.get() for message in sent]
    opened = [
        staff.get(reverse("staff:safeguarding_file", args=[report.pk, file.pk])).status_code
        for file in files
    ]
    assert opened == [404, 404]
    report = made(mentee, mentor, kind=ReportKind.MESSAGE, message=sent[0])
    Report.objects.filter(pk=report.pk).update(snapshot=report.snapshot[:1])
    answer = staff.get(reverse("staff:safeguarding_file", args=[report.pk, files[0].pk]))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = reverse("staff:safeguarding_file", args=[report.pk, files[1].pk])
    assert staff.get(other).status_code == 404
    assert AuditEntry.objects.filter(verb="file of a report opened").count() == 1
