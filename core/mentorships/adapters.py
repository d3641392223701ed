"""What mentorships tell messaging, which stands below and knows nothing of them.

Why one may write to the other, and who takes questions from strangers (product B9, D4).
"""

from django.db.models import Q

from core.accounts.models import Person
from core.mentorships import queries
from core.mentorships.models import Mentorship
from core.mentorships.states import OPEN, State
from core.messaging.permissions import offer_reason, offer_reason_to_ask
from core.programme.queries import policies

WORKED_TOGETHER = OPEN | {State.COMPLETED, State.ENDED}


@offer_reason
def have_something_between_them(writer: Person, reader: Person) -> bool:
    """From the moment of asking, and after they have worked together."""
    pair = Q(mentor=writer, mentee=reader) | Q(mentor=reader, mentee=writer)
    return Mentorship.objects.filter(pair, state__in=WORKED_TOGETHER).exists()


@offer_reason_to_ask
def can_be_found(mentee: Person, mentor: Person) -> bool:
    """A full mentor is hidden where the institute hides them (product B10)."""
    return policies().full_mentors == "shown" or queries.room_of(mentor) > 0
