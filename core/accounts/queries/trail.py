"""Reading the audit trail by keyset: each step costs the same, however far back one reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from core.accounts.models import Person
from core.kernel.models import AuditEntry

BATCH = 1000
MOST_PEOPLE = 50


@dataclass(frozen=True)
class Wanted:
    """What the entries shall be about; whatever is empty narrows nothing.

    people: done by one of them, for one of them, or to one of them. since and until are moments,
    the latter excluded. before: entries older than this one.
    """

    verb: str = ""
    people: tuple[UUID, ...] | None = None
    thing_type: str = ""
    thing_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    operators: bool = False
    before: UUID | None = None


def people_called(text: str) -> tuple[UUID, ...]:
    """The people whose name or address holds every word of a text; at most fifty."""
    found = Person.objects.all()
    for word in text.split()[:4]:
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(username__icontains=word)
        )
    return tuple(found.order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE])


def trail(wanted: Wanted, *, limit: int | None = None) -> Iterator[AuditEntry]:
    """The latest entries first, in batches of their own queries."""
    rows = _filtered(wanted)
    last = AuditEntry.objects.filter(pk=wanted.before).first() if wanted.before else None
    if wanted.before and last is None:
        return
    left = limit
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        page = rows if last is None else _older(rows, last)
        batch = list(page[:size])
        yield from batch
        if len(batch) < size:
            return
        last = batch[-1]
        left = None if left is None else left - size


def _older(rows: QuerySet[AuditEntry], than: AuditEntry) -> QuerySet[AuditEntry]:
    """Said so that the index on time leads straight to the place."""
    return rows.filter(at__lte=than.at).exclude(at=than.at, pk__gte=than.pk)


def _filtered(wanted: Wanted) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-at", "-id")
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.people is not None:
        keys = [str(key) for key in wanted.people]
        rows = rows.filter(
            Q(actor_id__in=wanted.people)
            | Q(behind_id__in=wanted.people)
            | Q(thing_type=Person._meta.label, thing_id__in=keys)
        )
    if wanted.thing_type:
        rows = rows.filter(thing_type=wanted.thing_type)
    if wanted.thing_id:
        rows = rows.filter(thing_id=wanted.thing_id)
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    return rows.filter(by_operator=True) if wanted.operators else rows
