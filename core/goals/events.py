"""What happened to a goal."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class GoalEvent(Event):
    """`by_id` is the owner: nobody else changes a goal."""

    goal_id: UUID
    mentorship_id: UUID
    by_id: UUID


class GoalAdded(GoalEvent):
    """A goal was written down."""


class GoalCompleted(GoalEvent):
    """A goal was reached."""


class GoalReopened(GoalEvent):
    """A goal that counted as reached is worked on again."""


class GoalDeleted(GoalEvent):
    """A goal was deleted; for some days it can be brought back."""


class GoalRestored(GoalEvent):
    """A deleted goal was brought back."""
