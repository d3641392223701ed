"""When a relationship is over, both are asked."""

from core.feedback import services
from core.kernel.events import receives
from core.mentorships.events import RelationshipCompleted, RelationshipEnded


@receives(RelationshipCompleted)
def ask_after_completion(event: RelationshipCompleted) -> None:
    """How was it?"""
    services.ask_after(event.mentorship_id, ended_early=False)


@receives(RelationshipEnded)
def ask_after_end(event: RelationshipEnded) -> None:
    """The same question, more gently, where the institute wants it."""
    services.ask_after(event.mentorship_id, ended_early=True)
