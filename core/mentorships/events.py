"""What happened to a mentorship."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MentorshipEvent(Event):
    """`by_id` is who did it."""

    mentorship_id: UUID
    by_id: UUID


class RequestSent(MentorshipEvent):
    """A mentee asked a mentor."""


class RequestAccepted(MentorshipEvent):
    """The mentor said yes: the relationship is active."""


class RequestDeclined(MentorshipEvent):
    """The mentor said no."""


class RequestWithdrawn(MentorshipEvent):
    """The mentee took back what was not answered yet."""
