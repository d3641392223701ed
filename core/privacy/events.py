"""What happens to people's data."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """Everything about a person is gone; who keeps a copy of the institute must remember that.

    addresses are not told: the key alone says whom to erase again in an older copy.
    """

    person_id: UUID
