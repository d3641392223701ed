"""What mentors do with an ask: accept, decline, ask for changes."""

from django.db import transaction

from core.accounts.models import Person
from core.accounts.services import lock
from core.kernel.clock import now
from core.kernel.events import tell
from core.mentorships import events, rules
from core.mentorships.models import Mentorship
from core.mentorships.services.places import count_places
from core.mentorships.services.steps import look_up, take
from core.mentorships.states import Action


def accept(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """Say yes: the relationship is active and takes one of the mentor's places (product C3, D1).

    Errors: NotTheirs, NoLongerPossible, MentorFull. Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor)  # places are counted by one at a time
        mentorship = look_up(mentorship, Action.ACCEPT, by=by, hold=True)
        mentorship = take(mentorship, Action.ACCEPT, by=by, answered_at=now())
        count_places(mentorship.mentor)
        tell(events.RequestAccepted(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def decline(mentorship: Mentorship, *, reason: str = "", note: str = "", by: Person) -> Mentorship:
    """Say no, with an optional reason (a key of `rules.REASONS`) and kind words (product C3).

    Errors: NotTheirs, NoLongerPossible. Nothing is written then.
    """
    note = note.strip()
    with transaction.atomic():
        mentorship = look_up(mentorship, Action.DECLINE, by=by, hold=True)
        mentorship = take(
            mentorship,
            Action.DECLINE,
            by=by,
            answered_at=now(),
            reason=rules.Reason(reason) if reason else "",
            note=note,
            told=note,
        )
        tell(events.RequestDeclined(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def ask_changes(mentorship: Mentorship, *, note: str, by: Person) -> Mentorship:
    """Ask for changes or information, in the mentor's own words (product C3); the clock stops.

    Errors: NotTheirs, NoLongerPossible, NotThisWay. Nothing is written then.
    """
    with transaction.atomic():
        mentorship = look_up(mentorship, Action.ASK_CHANGES, by=by, hold=True)
        mentorship = take(
            mentorship,
            Action.ASK_CHANGES,
            by=by,
            told=note.strip(),
            paused_at=mentorship.paused_at or now(),
        )
        tell(events.ChangesAsked(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship
