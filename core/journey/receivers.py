"""What journeys do when a relationship begins or is over."""

from core.journey import services
from core.journey.models import Outcome
from core.kernel.events import receives
from core.mentorships.events import (
    MatchesMade,
    MentorshipEvent,
    RelationshipCompleted,
    RelationshipEnded,
    RelationshipResumed,
    RequestAccepted,
)
from core.mentorships.models import Mentorship


@receives(RequestAccepted)
def set_out(event: RequestAccepted) -> None:
    """The two begin with the road in force, and keep it (product E8)."""
    services.begin(_find(event))


@receives(MatchesMade)
def set_out_together(event: MatchesMade) -> None:
    """The same where the programme team brought two together."""
    for mentorship in Mentorship.objects.filter(pk__in=event.mentorship_ids):
        services.begin(mentorship)


@receives(RelationshipResumed)
def set_out_again(event: RelationshipResumed) -> None:
    """Going on after an end is a new journey, on the road as it is now (product E9)."""
    services.begin(_find(event))


@receives(RelationshipCompleted)
def arrive(event: RelationshipCompleted) -> None:
    """The journey is completed; it stays to be read."""
    services.close(_find(event), Outcome.COMPLETED)


@receives(RelationshipEnded)
def break_off(event: RelationshipEnded) -> None:
    """The journey is over before its end; going on later is a new one."""
    services.close(_find(event), Outcome.ENDED)


def _find(event: MentorshipEvent) -> Mentorship:
    return Mentorship.objects.get(pk=event.mentorship_id)
