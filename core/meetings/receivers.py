"""What meetings do when a relationship is over."""

from core.kernel.events import receives
from core.meetings import services
from core.mentorships.events import RelationshipCompleted, RelationshipEnded


@receives(RelationshipEnded)
def call_off_after_end(event: RelationshipEnded) -> None:
    """Meetings belong to an active relationship (product D8)."""
    services.cancel_coming(event.mentorship_id, by_id=event.by_id)


@receives(RelationshipCompleted)
def call_off_after_completion(event: RelationshipCompleted) -> None:
    """Meetings belong to an active relationship (product D8)."""
    services.cancel_coming(event.mentorship_id, by_id=event.by_id)
