"""What happened on a journey."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class StageEvent(Event):
    """`stage` is a key of the run's plan; `by_id` is who did it."""

    run_id: UUID
    stage: str
    by_id: UUID


class StageMarked(StageEvent):
    """One of the two marked a stage; the other has to say so too, or is asked to complete it."""


class StageCompleted(StageEvent):
    """A stage counts as completed."""
