"""What becomes of relationships when somebody deletes their account (product A10)."""

from functools import partial

import pytest

from core.accounts.services import choose_mails, close_account, return_to_account
from core.kernel.models import OutboxMail
from core.matching.models import Listing
from core.mentorships import errors, queries, services
from core.mentorships.models import Mentorship, WaitingPlace
from core.mentorships.states import State
from tenants.models import Institute
from tests.core.mentorships.test_races import all_at_once
from tests.core.mentorships.test_services import nothing_happened, send
from tests.factories.mentorships import (
    STATEMENT,
    make_mentee,
    make_mentor,
    make_mentorship,
    make_profile,
)
from tests.factories.people import path_in

pytestmark = pytest.mark.django_db


def test_everything_open_ends_and_the_partners_are_told() -> None:
    person = make_mentor(capacity=5, is_mentee=True)
    make_profile(person, "mentee")
    asked = make_mentorship(mentor=person)
    asking = make_mentorship(mentee=person)
    mentoring = make_mentorship(mentor=person, state=State.ACTIVE)
    mentored = make_mentorship(mentee=person, state=State.ACTIVE)
    past = make_mentorship(mentor=person, state=State.COMPLETED)
    WaitingPlace.objects.create(mentor=person, mentee=make_mentee())
    close_account(person)
    rows = Mentorship.objects.in_bulk(
        [one.pk for one in (asked, asking, mentoring, mentored, past)]
    )
    assert [rows[one.pk].state for one in (asked, asking, mentoring, mentored, past)] == [
        "declined", "withdrawn", "ended", "ended", "completed",
    ]  # fmt: skip
    told = dict(OutboxMail.objects.values_list("to_address", "kind"))
    assert told == {
        asked.mentee.email: "request_declined",
        asking.mentor.email: "request_withdrawn",
        mentoring.mentee.email: "relationship_ended",
        mentored.mentor.email: "relationship_ended",
        person.email: "account_deleted",
    }
    assert not WaitingPlace.objects.exists()
    assert not Listing.objects.get(person=person).listed
    assert Listing.objects.get(person=mentored.mentor).room == 2


def test_person_who_came_back_is_found_again_and_has_ended_relationships() -> None:
    mentor = make_mentor()
    row = make_mentorship(mentor=mentor, state=State.ACTIVE)
    close_account(mentor)
    nothing_happened(lambda: services.reopen(row, by=row.mentee), errors.AccountNotInUse)
    mail = OutboxMail.objects.get(kind="account_deleted")
    return_to_account(path_in(mail).rstrip("/").rpartition("/")[2])
    assert Listing.objects.get(person=mentor).listed
    assert services.reopen(row, by=row.mentee).state == State.PROPOSED


def test_muted_mails_are_not_written_and_needed_ones_always_are() -> None:
    row = send(mentor=make_mentor(), by=make_mentee())
    choose_mails(row.mentor, wanted=[], by=row.mentor)
    services.edit(row, area=row.area, statement=f"{STATEMENT} More.", by=row.mentee)
    services.withdraw(row, by=row.mentee)
    kinds = list(OutboxMail.objects.order_by("created_at").values_list("kind", flat=True))
    assert kinds == ["request_received", "request_withdrawn"]


@pytest.mark.django_db(transaction=True)
def test_partners_who_leave_at_once_and_somebody_who_asks_leave_nothing_open(
    ciltuk: Institute,
) -> None:
    for _ in range(4):
        mentor, mentee, newcomer = make_mentor(capacity=5), make_mentee(), make_mentee()
        row = make_mentorship(mentor=mentor, mentee=mentee, state=State.ACTIVE)

        def leaving(person: object, row: Mentorship = row) -> Mentorship:
            close_account(person)  # type: ignore[arg-type]
            return row

        all_at_once(
            ciltuk,
            [
                partial(leaving, mentor),
                partial(leaving, mentee),
                partial(send, mentor=mentor, by=newcomer),
            ],
        )
        assert queries.open_of(mentor) == []
        row.refresh_from_db()
        assert row.state == State.ENDED
        assert row.steps.filter(action="end").count() == 1
