"""A role in which something is open cannot be given up: the other would be left alone."""

import pytest

from core.accounts.services import edit_account, set_active
from core.mentorships import queries
from core.mentorships.errors import RoleInUse
from core.mentorships.states import OPEN, PAST, State
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", sorted(State))
def test_mentor_gives_up_the_role_only_when_nothing_is_open(state: State) -> None:
    mentor = make_mentor(is_mentee=True)
    make_mentorship(mentor=mentor, state=state)
    if state in PAST:
        assert edit_account(mentor, roles=["mentee"], by=mentor).roles == ["mentee"]
        return
    with pytest.raises(RoleInUse, match="1 open"):
        edit_account(mentor, roles=["mentee"], by=mentor)
    mentor.refresh_from_db()
    assert mentor.is_mentor


@pytest.mark.parametrize("state", sorted(OPEN))
def test_mentee_gives_up_the_role_only_when_nothing_is_open(state: State) -> None:
    mentee = make_mentee(is_mentor=True)
    make_mentorship(mentee=mentee, state=state)
    with pytest.raises(RoleInUse):
        edit_account(mentee, roles=["mentor"], by=mentee)


def test_other_changes_of_an_account_are_free() -> None:
    mentor = make_mentor()
    make_mentorship(mentor=mentor, state=State.ACTIVE)
    edit_account(mentor, roles=["mentor", "mentee"], by=mentor, job_title="Adviser")
    edit_account(mentor, roles=["mentor"], by=mentor)


def test_mentor_whose_account_is_closed_is_offered_to_nobody() -> None:
    mentor, staff = make_mentor(), make_person(is_staff=True)
    mentee = make_mentee()
    assert [one.person for one in queries.closest_left(mentee)] == [mentor]
    set_active(mentor, False, by=staff)
    assert queries.closest_left(mentee) == []
    set_active(mentor, True, by=staff)
    assert [one.person for one in queries.closest_left(mentee)] == [mentor]
