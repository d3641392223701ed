"""The audit trail's one door."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Model

from core.kernel.models import AuditEntry


class Actor(Protocol):
    """Whoever can do a thing: a person with a key and a name."""

    @property
    def pk(self) -> Any: ...

    @property
    def full_name(self) -> str: ...


@dataclass(frozen=True)
class Behind:
    """Who really acts while they stand in for the owner of an account."""

    pk: UUID
    full_name: str
    is_operator: bool = False


_behind: ContextVar[Behind | None] = ContextVar("audit_behind", default=None)


@contextmanager
def stood_in_by(behind: Behind) -> Iterator[None]:
    """Write this name beside every deed until the block ends (a request of a stand-in)."""
    token = _behind.set(behind)
    try:
        yield
    finally:
        _behind.reset(token)


def record(verb: str, *, thing: Model, by: Actor | None = None, **facts: Any) -> AuditEntry:
    """Write who did what to which row; `by` is None for the clock and other machinery.

    `facts` must be serialisable as JSON and hold no secrets. Whoever stands in for somebody at
    this moment (`stood_in_by`) is written down too.
    """
    entry = _entry(verb, thing, by, facts)
    entry.save(force_insert=True)
    return entry


def record_all(
    verb: str, *, things: Iterable[Model], by: Actor | None = None, **facts: Any
) -> None:
    """Write the same deed for many rows, in one statement; `by` is None for the clock."""
    AuditEntry.objects.bulk_create(_entry(verb, thing, by, facts) for thing in things)


def _entry(verb: str, thing: Model, by: Actor | None, facts: dict[str, Any]) -> AuditEntry:
    behind = _behind.get()
    return AuditEntry(
        verb=verb,
        actor_id=by.pk if by is not None and isinstance(by.pk, UUID) else None,
        actor_name=by.full_name if by is not None else "",
        behind_id=behind.pk if behind is not None else None,
        behind_name=behind.full_name if behind is not None else "",
        by_operator=verb.startswith("operator.")
        or any(getattr(one, "is_operator", False) for one in (by, behind)),
        thing_type=thing._meta.label,
        thing_id=str(thing.pk),
        facts=facts,
    )
