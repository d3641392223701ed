"""What happens to memberships."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MembershipLapsed(Event):
    """The society says that somebody is a member no longer; days of grace begin."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(Event):
    """The days of grace are over."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class MembershipRenewed(Event):
    """Somebody whose membership had lapsed or ended is a member again."""

    person_id: UUID
