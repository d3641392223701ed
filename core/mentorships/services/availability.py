"""Being there for mentees, or not for a while (product B11)."""

from datetime import date

from django.db import transaction

from core.accounts.models import Person
from core.accounts.services import lock
from core.mentorships import queries, rules
from core.mentorships.models import Mentorship
from core.mentorships.services.answering import accept, decline
from core.mentorships.states import UNANSWERED
from core.profiles.services import set_availability


def make_unavailable(
    mentor: Person, *, back_on: date | None = None, close: bool = False, note: str = "", by: Person
) -> int:
    """Take nobody on for a while (product B11); with `close` what waits for an answer is declined.

    Gives how many were declined, each with the same kind words. Errors: NotAllowed, RuleBroken.
    """
    with transaction.atomic():
        lock(mentor)
        set_availability(mentor, available=False, back_on=back_on, by=by)
        waiting = list(queries.as_mentor(mentor).filter(state__in=UNANSWERED)) if close else []
        for one in waiting:
            decline(one, reason=rules.Reason.AWAY, note=note, by=by)
    return len(waiting)


def make_available(mentor: Person, *, by: Person) -> None:
    """Be there for mentees again. Errors: NotAllowed without a mentor's profile."""
    with transaction.atomic():
        lock(mentor)
        set_availability(mentor, available=True, by=by)


@transaction.atomic
def accept_as_last(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """Say yes, and take nobody else on for a while. Errors: those of `accept`."""
    accepted = accept(mentorship, by=by)
    make_unavailable(by, by=by)
    return accepted


@transaction.atomic
def decline_for_a_while(
    mentorship: Mentorship, *, reason: str = "", note: str = "", by: Person
) -> Mentorship:
    """Say no, and take nobody else on for a while. Errors: those of `decline`."""
    lock(by)
    declined = decline(mentorship, reason=reason, note=note, by=by)
    make_unavailable(by, by=by)
    return declined
