"""How a relationship is over: completed by policy, or ended by one of the two."""

from collections.abc import Callable, Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q

from core.accounts.models import Person
from core.accounts.services import lock
from core.kernel.clock import now
from core.kernel.events import tell
from core.mentorships import events, permissions, queries
from core.mentorships.models import Mentorship, WaitingPlace
from core.mentorships.services.answering import decline
from core.mentorships.services.asking import withdraw
from core.mentorships.services.guards import hindrance
from core.mentorships.services.places import count_places
from core.mentorships.services.steps import look_up, take
from core.mentorships.states import Action, Role, State

DELETED: Final = "Deleted their account."
CLOSED: Final = "The team closed their account."


def mark_done(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """Say that the journey is complete, where the other has to say so too (product E9).

    When the other said it a moment ago, this completes.
    Errors: NotTheirs, NoLongerPossible, NotThisWay. Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor, mentorship.mentee)
        found = queries.with_people().get(pk=mentorship.pk)
        both = permissions.may_complete(by, found) and not hindrance(Action.COMPLETE, found, by)
        if both and hindrance(Action.MARK_DONE, found, by):
            return complete(found, by=by)
        mentorship = look_up(mentorship, Action.MARK_DONE, by=by, hold=True)
        mentee = permissions.role_of(by, mentorship) is Role.MENTEE
        mentorship = take(
            mentorship,
            Action.MARK_DONE,
            by=by,
            mentee_done_at=now() if mentee else None,
            mentor_done_at=None if mentee else now(),
        )
        tell(events.MarkedDone(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def take_back(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """Take the word back that the journey is complete, or answer it with "not yet".

    Errors: NotTheirs, NoLongerPossible, NotThisWay. Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor, mentorship.mentee)
        mentorship = look_up(mentorship, Action.TAKE_BACK, by=by, hold=True)
        mentorship = take(
            mentorship, Action.TAKE_BACK, by=by, mentor_done_at=None, mentee_done_at=None
        )
        tell(events.MarkTakenBack(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def complete(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """Bring the journey to its good end, by whom the institute's policy names (product E9).

    Errors: NotTheirs, NoLongerPossible, NotThisWay. Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor, mentorship.mentee)
        mentorship = look_up(mentorship, Action.COMPLETE, by=by, hold=True)
        mentorship = take(mentorship, Action.COMPLETE, by=by)
        count_places(mentorship.mentor)
        tell(events.RelationshipCompleted(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def end(mentorship: Mentorship, *, reason: str = "", by: Person) -> Mentorship:
    """Withdraw from an active relationship (product D9); contact details hide at once.

    `reason` is for staff alone. Errors: NotTheirs, NoLongerPossible. Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor)
        mentorship = look_up(mentorship, Action.END, by=by, hold=True)
        mentorship = take(mentorship, Action.END, by=by, told_staff=reason.strip())
        count_places(mentorship.mentor)
        tell(events.RelationshipEnded(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def way_to_step_in(mentorship: Mentorship, member: Person) -> Callable[..., Mentorship] | None:
    """The service by which the programme team takes the two apart now, or None."""
    if permissions.may_end(member, mentorship):
        return end
    return withdraw if permissions.may_withdraw(member, mentorship) else None


def leave_all(mentorships: Iterable[Mentorship], *, by: Person, reason: str = "") -> int:
    """Step out of open mentorships, each in the way that its state allows; gives how many.

    Call it inside a transaction that holds the lock on the people concerned.
    """
    left = 0
    for one in mentorships:
        if one.state == State.ACTIVE:
            end(one, reason=reason, by=by)
        elif one.mentor_id == by.pk:
            decline(one, by=by)
        else:
            withdraw(one, reason=reason, by=by)
        left += 1
    return left


def leave_for_good(person: Person, *, by_team: bool = False) -> int:
    """Step out of everything that is open, and off every waiting list (product A10)."""
    reason = CLOSED if by_team else DELETED
    with transaction.atomic():
        partners = queries.partners_of(person)
        lock(person, *partners)  # all at once and in order: two who leave at once do not block
        WaitingPlace.objects.filter(Q(mentor=person) | Q(mentee=person)).delete()
        return leave_all(queries.open_of(person), by=person, reason=reason)
