"""The audit trail's one door."""

from collections.abc import Iterable
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


def record(verb: str, *, thing: Model, by: Actor | None = None, **facts: Any) -> AuditEntry:
    """Write who did what to which row; `by` is None for the clock and other machinery.

    `facts` must be serialisable as JSON and hold no secrets.
    """
    return AuditEntry.objects.create(
        verb=verb,
        actor_id=by.pk if by is not None and isinstance(by.pk, UUID) else None,
        actor_name=by.full_name if by is not None else "",
        thing_type=thing._meta.label,
        thing_id=str(thing.pk),
        facts=facts,
    )


def record_all(verb: str, *, things: Iterable[Model], **facts: Any) -> None:
    """Write the same deed of the clock for many rows, in one statement."""
    AuditEntry.objects.bulk_create(
        AuditEntry(verb=verb, thing_type=thing._meta.label, thing_id=str(thing.pk), facts=facts)
        for thing in things
    )
