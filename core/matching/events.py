"""What happened in the search."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MentorsSearched(Event):
    """Somebody looked for a mentor: told once a day and person, and without what they wanted."""

    person_id: UUID
