"""Every verb for every kind of person, in every state: one table, read off and compared."""

import pytest

from core.accounts.models import Person
from core.mentorships import permissions
from core.mentorships.states import OPEN, UNANSWERED, State
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_person

pytestmark = pytest.mark.django_db

NOBODY: frozenset[State] = frozenset()
EVERY = frozenset(State)
ACTIVE = frozenset({State.ACTIVE})
PROPOSED = frozenset({State.PROPOSED})
ENDED = frozenset({State.ENDED})

# verb → who → the states in which they may
VERBS: dict[str, dict[str, frozenset[State]]] = {
    "may_see": {"mentor": EVERY, "mentee": EVERY, "staff": NOBODY, "other": NOBODY},
    "may_see_contact": {"mentor": ACTIVE, "mentee": ACTIVE, "staff": NOBODY, "other": NOBODY},
    "may_accept": {"mentor": UNANSWERED, "mentee": NOBODY, "staff": NOBODY, "other": NOBODY},
    "may_decline": {"mentor": UNANSWERED, "mentee": NOBODY, "staff": NOBODY, "other": NOBODY},
    "may_withdraw": {"mentor": NOBODY, "mentee": UNANSWERED, "staff": UNANSWERED, "other": NOBODY},
    "may_ask_changes": {"mentor": PROPOSED, "mentee": NOBODY, "staff": NOBODY, "other": NOBODY},
    "may_edit": {"mentor": NOBODY, "mentee": PROPOSED, "staff": NOBODY, "other": NOBODY},
    "may_revise": {
        "mentor": NOBODY, "mentee": frozenset({State.CHANGES_ASKED}), "staff": NOBODY,
        "other": NOBODY,
    },
    "may_reopen": {
        "mentor": frozenset({State.DECLINED}),
        "mentee": frozenset({State.WITHDRAWN, State.LAPSED, State.ENDED}),
        "staff": NOBODY,
        "other": NOBODY,
    },
    "may_invite_back": {"mentor": ENDED, "mentee": NOBODY, "staff": NOBODY, "other": NOBODY},
    "may_go_on": {"mentor": NOBODY, "mentee": ENDED, "staff": NOBODY, "other": NOBODY},
    "may_mark_done": {"mentor": ACTIVE, "mentee": ACTIVE, "staff": NOBODY, "other": NOBODY},
    "may_take_back": {"mentor": ACTIVE, "mentee": ACTIVE, "staff": NOBODY, "other": NOBODY},
    "may_complete": {"mentor": ACTIVE, "mentee": ACTIVE, "staff": NOBODY, "other": NOBODY},
    "may_end": {"mentor": ACTIVE, "mentee": ACTIVE, "staff": ACTIVE, "other": NOBODY},
}  # fmt: skip


def test_verbs_of_the_table_are_all_there_are() -> None:
    named = {name for name in vars(permissions) if name.startswith("may_")}
    assert named == {*VERBS, "may_send"}


@pytest.mark.parametrize("verb", VERBS)
def test_everybody_may_exactly_what_the_table_says(verb: str) -> None:
    mentorship = make_mentorship()
    people: dict[str, Person] = {
        "mentor": mentorship.mentor,
        "mentee": mentorship.mentee,
        "staff": make_person(is_staff=True),
        "other": make_mentor(is_mentee=True),
    }
    may = getattr(permissions, verb)
    found: dict[str, set[State]] = {who: set() for who in people}
    for state in State:
        mentorship.state = state.value
        for who, person in people.items():
            if may(person, mentorship):
                found[who].add(state)
    assert found == VERBS[verb]


@pytest.mark.parametrize("verb", VERBS)
def test_person_whose_account_is_closed_may_nothing(verb: str) -> None:
    mentorship = make_mentorship()
    for person in (mentorship.mentor, mentorship.mentee):
        person.is_active = False
        for state in OPEN:
            mentorship.state = state.value
            assert not getattr(permissions, verb)(person, mentorship)


def test_mentor_may_not_accept_somebody_who_has_gone() -> None:
    mentorship = make_mentorship()
    mentorship.mentee.is_active = False
    assert not permissions.may_accept(mentorship.mentor, mentorship)
    assert permissions.may_decline(mentorship.mentor, mentorship)


def test_person_who_is_a_mentor_no_longer_may_decline_but_not_accept() -> None:
    mentorship = make_mentorship()
    mentorship.mentor.is_mentor = False
    assert not permissions.may_accept(mentorship.mentor, mentorship)
    assert permissions.may_decline(mentorship.mentor, mentorship)


def test_only_mentees_ask_and_only_mentors_are_asked() -> None:
    mentor, mentee, staff = make_mentor(), make_mentee(), make_person(is_staff=True)
    both = make_mentor(is_mentee=True)
    assert permissions.may_send(mentee, mentor)
    assert permissions.may_send(both, mentor)
    assert not permissions.may_send(both, both)
    assert not permissions.may_send(mentor, both)
    assert not permissions.may_send(staff, mentor)
    assert not permissions.may_send(mentee, make_mentee())
    mentor.is_active = False
    assert not permissions.may_send(mentee, mentor)
