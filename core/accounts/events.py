"""What happens to accounts."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Event):
    """Somebody made an account; the address is not confirmed yet.

    agreed: pages that they ticked as (key, version). wishes: optional consents that they gave.
    """

    person_id: UUID
    agreed: tuple[tuple[str, int], ...] = ()
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    """Somebody came by an invitation; `agreed` and `wishes` as in `PersonRegistered`."""

    person_id: UUID
    agreed: tuple[tuple[str, int], ...] = ()
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AddressConfirmed(Event):
    """A person showed that an e-mail address is theirs: a new account's, or a changed one."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountEdited(Event):
    """Name, workplace, time zone or roles changed. A receiver may refuse with RuleBroken."""

    person_id: UUID
    roles_added: frozenset[str] = frozenset()
    roles_dropped: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(Event):
    """A person may no longer sign in."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonReactivated(Event):
    """A person may sign in again."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonBlocked(Event):
    """Somebody wants nothing more to do with somebody else. Never a reason for a mail."""

    blocker_id: UUID
    blocked_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountClosing(Event):
    """An account is being closed; what the person is part of has to be brought to an end.

    by_team: the programme team closes it, rather than the person themselves.
    """

    person_id: UUID
    by_team: bool = False
