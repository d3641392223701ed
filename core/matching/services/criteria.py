"""Staff choose what mentors are searched by (product B3, F5). Searches read it afresh each time."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.errors import RuleBroken
from core.matching.models import Criterion
from core.profiles.models import Field

STATED: Final = ("active", "weight", "exact_allowed", "any_label")


def state_of(row: Criterion) -> dict[str, Any]:
    """What staff can say of a criterion, as the audit trail shows it."""
    start = row.mentee_field
    return {**{name: getattr(row, name) for name in STATED}, "mentee_field": start and start.key}


@transaction.atomic
def put_criteria(rows: Iterable[Criterion], *, by: Actor) -> int:
    """Keep what was chosen of criteria that are there; how many changed.

    The index of mentors holds the answers to all of them, so it stays as it is.
    """
    wanted = {row.pk: row for row in rows}
    standing = Criterion.objects.select_for_update(of=("self",)).select_related(
        "mentor_field", "mentee_field"
    )
    changed = []
    for before in standing.filter(pk__in=wanted):
        row = wanted[before.pk]
        old, new = state_of(before), state_of(row)
        names = [name for name in new if new[name] != old[name]]
        if names:
            changed.append(row)
            audit.record(
                "matching criterion changed",
                thing=row,
                by=by,
                criterion=before.mentor_field.key,
                before={name: old[name] for name in names},
                after={name: new[name] for name in names},
            )
    Criterion.objects.bulk_update(changed, [*STATED, "mentee_field"])
    return len(changed)


@transaction.atomic
def add_criterion(field: Field, *, by: Actor) -> Criterion:
    """Search by one more question, switched off at first; its answers go into the index."""
    last = Criterion.objects.aggregate(last=Max("order"))["last"]
    asked_of_mentees = field.audience != "mentor"
    made = Criterion(
        mentor_field=field,
        mentee_field=field if asked_of_mentees else None,
        active=False,
        order=(last or 0) + 1,
    )
    made.save()
    audit.record("matching criterion added", thing=made, by=by, criterion=field.key)
    return made


@transaction.atomic
def move_criterion(key: str, step: int, *, by: Actor) -> bool:
    """Let a criterion change places with its neighbour: the order in which they are asked."""
    rows = list(Criterion.objects.select_related("mentor_field"))
    at = next((at for at, row in enumerate(rows) if row.mentor_field.key == key), None)
    if at is None or not 0 <= at + step < len(rows):
        return False
    moved = rows.pop(at)
    rows.insert(at + step, moved)
    for order, row in enumerate(rows):
        row.order = order
    Criterion.objects.bulk_update(rows, ["order"])
    audit.record("matching criterion moved", thing=moved, by=by, criterion=key, place=at + step + 1)
    return True


@transaction.atomic
def remove_criterion(key: str, *, by: Actor) -> None:
    """Take a criterion away. Errors: RuleBroken for one that mentors are searched by."""
    row = Criterion.objects.select_for_update().filter(mentor_field__key=key).first()
    if row is None:
        raise RuleBroken("This criterion is gone already.")
    if row.active:
        raise RuleBroken("Switch it off first: then you see what that changes.")
    audit.record("matching criterion removed", thing=row, by=by, criterion=key)
    row.delete()
