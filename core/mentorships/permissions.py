"""Who may do what with a mentorship: the table, the two people, and their accounts.

Whether a place is free is not a question of right and is asked by the service under its lock.
"""

from core.accounts.models import Person
from core.mentorships import states
from core.mentorships.models import Mentorship
from core.mentorships.states import Action, Role, State

SECOND_PERSON = {
    Action.ACCEPT, Action.ASK_CHANGES, Action.REOPEN, Action.REVISE, Action.EDIT, Action.MARK_DONE,
    Action.INVITE_BACK, Action.GO_ON,
}  # fmt: skip
"""Actions that lead on together: the other person's account has to be in use."""


def role_of(person: Person, mentorship: Mentorship) -> Role | None:
    """The role in which this person meets this mentorship; None for everybody else."""
    if not person.is_active:
        return None
    if person.pk == mentorship.mentor_id:
        return Role.MENTOR
    if person.pk == mentorship.mentee_id:
        return Role.MENTEE
    return Role.STAFF if person.is_staff else None


def is_party(person: Person, mentorship: Mentorship) -> bool:
    """Whether the person is one of the two."""
    return role_of(person, mentorship) in (Role.MENTOR, Role.MENTEE)


def may_see(person: Person, mentorship: Mentorship) -> bool:
    """The two alone see the page; staff have pages of their own."""
    return is_party(person, mentorship)


def may_see_contact(person: Person, mentorship: Mentorship) -> bool:
    """Contact details: the two alone, from acceptance and only while active (product D1)."""
    return is_party(person, mentorship) and mentorship.state == State.ACTIVE


def may_send(person: Person, mentor: Person) -> bool:
    """Whether this person can ask this mentor at all."""
    return (
        person.is_active
        and person.is_mentee
        and mentor.is_active
        and mentor.is_mentor
        and person.pk != mentor.pk
    )


def may_accept(person: Person, mentorship: Mentorship) -> bool:
    """The mentor who was asked, while still a mentor."""
    return may(Action.ACCEPT, person, mentorship) and mentorship.mentor.is_mentor


def may_decline(person: Person, mentorship: Mentorship) -> bool:
    """The mentor who was asked."""
    return may(Action.DECLINE, person, mentorship)


def may_withdraw(person: Person, mentorship: Mentorship) -> bool:
    """The mentee, while there is no answer; staff where they step in."""
    return may(Action.WITHDRAW, person, mentorship)


def may_edit(person: Person, mentorship: Mentorship) -> bool:
    """The mentee, while nobody has answered (product C2)."""
    return may(Action.EDIT, person, mentorship)


def may_ask_changes(person: Person, mentorship: Mentorship) -> bool:
    """The mentor who was asked, while still a mentor (product C3)."""
    return may(Action.ASK_CHANGES, person, mentorship) and mentorship.mentor.is_mentor


def may_revise(person: Person, mentorship: Mentorship) -> bool:
    """The mentee who was asked for changes."""
    return may(Action.REVISE, person, mentorship)


def may_reopen(person: Person, mentorship: Mentorship) -> bool:
    """Whoever the table names, while both still have their roles (product C6, D9)."""
    roles = mentorship.mentor.is_mentor and mentorship.mentee.is_mentee
    return may(Action.REOPEN, person, mentorship) and roles


def may_invite_back(person: Person, mentorship: Mentorship) -> bool:
    """The mentor of what has ended, while both still have their roles (product D9)."""
    roles = mentorship.mentor.is_mentor and mentorship.mentee.is_mentee
    return may(Action.INVITE_BACK, person, mentorship) and roles


def may_go_on(person: Person, mentorship: Mentorship) -> bool:
    """The mentee whom the mentor has asked to go on, while both still have their roles."""
    roles = mentorship.mentor.is_mentor and mentorship.mentee.is_mentee
    return may(Action.GO_ON, person, mentorship) and roles


def may_mark_done(person: Person, mentorship: Mentorship) -> bool:
    """Either of the two (product E9); what the institute's policy says comes on top."""
    return may(Action.MARK_DONE, person, mentorship)


def may_take_back(person: Person, mentorship: Mentorship) -> bool:
    """Either of the two, while it is not complete: a word taken back, or a "not yet"."""
    return may(Action.TAKE_BACK, person, mentorship)


def may_complete(person: Person, mentorship: Mentorship) -> bool:
    """Either of the two (product E9); what the institute's policy says comes on top."""
    return may(Action.COMPLETE, person, mentorship)


def may_end(person: Person, mentorship: Mentorship) -> bool:
    """Either of the two at any time, and staff where they step in (product D9)."""
    return may(Action.END, person, mentorship)


def may(action: Action, person: Person, mentorship: Mentorship) -> bool:
    """The table's answer for this person, in the state that the row in hand is in."""
    role = role_of(person, mentorship)
    if role is None or action not in states.actions_for(State(mentorship.state), role):
        return False
    if action in SECOND_PERSON:
        other = mentorship.mentee if role is Role.MENTOR else mentorship.mentor
        return other.is_active
    return True
