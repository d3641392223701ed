"""The team's queue of messages (product F2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.help import errors, queries, services
from core.help.models import Enquiry, EnquiryKind, EnquiryNote, EnquiryState
from core.help.services.asking import Asked
from core.help.tasks import remind_of_complaints
from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.models import AuditEntry, OutboxMail
from core.programme.queries import current
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.people import mails_to, someone

MemberClient = Callable[..., Client]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def member(db: None) -> Person:
    return someone("mentee", is_staff=True)


@pytest.fixture
def staff(ciltuk: Institute, member_client: MemberClient, member: Person) -> Client:
    return member_client(ciltuk, member)


def made(kind: str = "question", subject: str = "Hello", **more: Any) -> Enquiry:
    asked = Asked(EnquiryKind(kind), "Bo Finch", f"{new_id()}@finch.example", subject, "Please.")
    given = {"key": new_id(), "person": None, "network": str(new_id()), **more}
    return services.send_enquiry(asked, **given)


def page_of(enquiry: Enquiry) -> str:
    return reverse("staff:enquiry", args=[enquiry.pk])


def listed(staff: Client) -> str:
    return str(staff.get(reverse("staff:help_enquiry_changelist")).content.decode())


def test_staff_find_complaints_first_then_what_waits_longest(staff: Client, member: Person) -> None:
    at = clock.now()
    for days, kind, subject in (
        (9, "question", "Third"), (5, "problem", "Fourth"), (2, "complaint", "First"),
        (20, "complaint", "Second"), (30, "question", "Fifth"), (40, "question", "Sixth"),
    ):  # fmt: skip
        with clock.frozen(at - days * DAY):
            one = made(kind, subject)
        if subject == "Second":
            services.acknowledge(one, by=member)
        if subject == "Fifth":
            services.answer(one, "Yes.", by=member)
        if subject == "Sixth":
            services.close(one, "", by=member)
    order = [one.subject for one in queries.queue()]
    assert order == ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"]
    page = listed(staff)
    places = [page.index(f">{subject}<") for subject in order]
    assert places == sorted(places)
    assert "28 days left" in page


def test_complaint_that_nobody_confirmed_is_overdue_after_thirty_days(
    staff: Client, member: Person
) -> None:
    with clock.frozen(clock.now() - 31 * DAY):
        one = made("complaint")
    assert "Overdue since" in listed(staff)
    assert "Overdue since" in staff.get(page_of(one)).content.decode()
    staff.post(page_of(one), {"step": "acknowledge"})
    assert "Overdue" not in listed(staff)
    (_, mail) = mails_to(one.email)
    assert mail.subject == "We are looking into your complaint"
    staff.post(page_of(one), {"step": "acknowledge"})
    assert len(mails_to(one.email)) == 2


def test_team_is_reminded_ten_days_before_at_the_end_and_each_week_after() -> None:
    start = clock.now()
    with clock.frozen(start):
        made("complaint")
        made("question")
    told = []
    for day in range(50):
        with clock.frozen(start + day * DAY):
            told += [day] if remind_of_complaints() else []
            assert remind_of_complaints() == 0
    assert told == [20, 30, 37, 44]
    mails = [one for one in mails_to(current().contact_email) if one.kind == "complaints_waiting"]
    assert [mail.subject.startswith("Overdue") for mail in mails] == [False, True, True, True]
    assert remind_of_complaints.name in settings.EACH_INSTITUTE


def test_staff_answer_by_mail_and_the_answer_is_kept(staff: Client, member: Person) -> None:
    one = made(subject="Where?")
    given = {"step": "answer", "text": "Under Profile.", "key": str(new_id()), "seen": "0"}
    for _ in range(2):  # a double click
        assert staff.post(page_of(one), given).status_code == 302
    (_, mail) = mails_to(one.email)
    assert mail.subject == "Re: Where?"
    assert "Under Profile." in mail.text
    assert "> Please." in mail.text
    assert mail.reply_to == current().contact_email
    one.refresh_from_db()
    assert (one.state, one.taken_by) == (EnquiryState.ANSWERED, member)
    assert "Under Profile." in staff.get(page_of(one)).content.decode()
    assert AuditEntry.objects.filter(verb="message to the team answered").count() == 1


def test_answer_stops_the_clock_of_a_complaint(member: Person) -> None:
    one = services.answer(made("complaint"), "We looked into it.", by=member)
    assert one.acknowledge_by is None


def test_two_of_the_team_do_not_answer_at_once_unseen(staff: Client, member: Person) -> None:
    one = made()
    services.add_note(one, "I am on it.", by=someone(is_staff=True))
    answer = staff.post(page_of(one), {"step": "answer", "text": "My long answer", "seen": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "My long answer</textarea>" in page
    assert "I am on it." in page
    assert not OutboxMail.objects.filter(kind="enquiry_answered").exists()
    with pytest.raises(errors.Overtaken):
        services.answer(one, "Again", by=member, seen=0)


def test_staff_note_take_close_and_reopen_and_all_of_it_is_told(
    staff: Client, member: Person
) -> None:
    one = made()
    for step in ("take", "note", "close", "reopen"):
        staff.post(page_of(one), {"step": step, "text": "Waits for the treasurer."})
    one.refresh_from_db()
    assert (one.state, one.taken_by) == (EnquiryState.OPEN, member)
    assert [note.text for note in one.notes.all()] == [
        "Took it in hand.",
        "Waits for the treasurer.",
        "Closed: Waits for the treasurer.",
        "Opened it again.",
    ]
    verbs = AuditEntry.objects.filter(thing_id=str(one.pk), actor_id=member.pk)
    assert verbs.count() == 4
    assert len(mails_to(one.email)) == 1


def test_complaint_is_not_closed_without_a_word(staff: Client) -> None:
    one = made("complaint")
    answer = staff.post(page_of(one), {"step": "close", "text": " "})
    assert answer.status_code == 422
    assert "say why it needs no answer" in answer.content.decode()
    assert staff.post(page_of(one), {"step": "close", "text": "Spam."}).status_code == 302


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"step": "answer", "text": ""}, 422),
        ({"step": "note", "text": " \x07 "}, 422),
        ({"step": "note", "text": "x" * 7000}, 422),
        ({"step": "burn"}, 404),
        ({"step": "note", "text": "a", "key": "x"}, 404),
        ({}, 404),
    ],
)
def test_impossible_step_changes_nothing(staff: Client, given: dict[str, str], status: int) -> None:
    one = made()
    assert staff.post(page_of(one), given).status_code == status
    assert not EnquiryNote.objects.exists()


def test_staff_go_from_a_message_to_the_member_who_sent_it(
    staff: Client, ciltuk: Institute, member_client: MemberClient
) -> None:
    person = someone("mentor")
    one = made(person=person)
    page = staff.get(page_of(one)).content.decode()
    assert reverse("staff:accounts_person_change", args=[person.pk]) in page
    assert "whose own address is" in page
    stranger = staff.get(page_of(made())).content.decode()
    assert "Not signed in" in stranger


def test_members_and_strangers_find_no_queue(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    one = made()
    for path in (page_of(one), reverse("staff:help_enquiry_changelist")):
        assert member_client(ciltuk, someone("mentor")).get(path).status_code == 404
        assert member_client(ciltuk).get(path).status_code == 302


def test_queue_of_one_institute_is_closed_to_the_team_of_another(
    guided: Institute, member_client: MemberClient
) -> None:
    one = made()
    with tenant_context(guided):
        other = someone(is_staff=True)
    assert member_client(guided, other).get(page_of(one)).status_code == 404


def test_row_of_the_list_opens_the_page(staff: Client) -> None:
    one = made()
    answer = staff.get(reverse("staff:help_enquiry_change", args=[one.pk]))
    assert answer["Location"] == page_of(one)
    assert staff.get("/staff/help/enquiry/nonsense/change/").status_code == 404
