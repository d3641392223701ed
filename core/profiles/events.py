"""What happens to profiles."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ProfileSaved(Event):
    """A profile's answers, capacity or availability changed.

    `newly_complete` is true the one time that this save completed it.
    """

    profile_id: UUID
    newly_complete: bool = False


@dataclass(frozen=True, kw_only=True)
class MentorReturned(Event):
    """The day came that an unavailable mentor had named: they are available again."""

    profile_id: UUID
