"""What mentorships tell messaging, which stands below and knows nothing of them.

Why one may write to the other, and who takes questions from strangers (product B9, D4).
"""

from django.db.models import Q, QuerySet

from core.accounts.models import Person
from core.mentorships import queries
from core.mentorships.models import Mentorship
from core.mentorships.states import OPEN, State
from core.messaging.permissions import offer_reason, offer_reason_to_ask, offer_reason_to_report
from core.programme.queries import policies

WORKED_TOGETHER = OPEN | {State.COMPLETED, State.ENDED}


@offer_reason
def have_something_between_them(writer: Person, reader: Person) -> bool:
    """From the moment of asking, and after they have worked together."""
    return _between(writer, reader).filter(state__in=WORKED_TOGETHER).exists()


@offer_reason_to_report
def had_something_between_them(reporter: Person, about: Person) -> bool:
    """Whatever came of it, somebody may have to be told about it (product D10)."""
    return _between(reporter, about).exists()


@offer_reason_to_ask
def can_be_found(mentee: Person, mentor: Person) -> bool:
    """A full mentor is hidden where the institute hides them (product B10)."""
    return policies().full_mentors == "shown" or queries.room_of(mentor) > 0


def _between(one: Person, other: Person) -> QuerySet[Mentorship]:
    pair = Q(mentor=one, mentee=other) | Q(mentor=other, mentee=one)
    return Mentorship.objects.filter(pair)
