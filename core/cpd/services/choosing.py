"""A member chooses what goes in, line by line (product E14)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from core.accounts.models import Person
from core.accounts.services import lock
from core.cpd import errors, queries, rules
from core.cpd.models import Choice, OwnLine
from core.cpd.rules import Line, Period


@dataclass(frozen=True, kw_only=True)
class Own:
    """What stands in a line of one's own."""

    day: date
    title: str
    minutes: int
    note: str = ""


@transaction.atomic
def choose(period: Period, places: Collection[str], *, by: Person) -> list[Line]:
    """Take the named lines of a period in and all others out ("meeting:<key>")."""
    lock(by)
    for line in queries.lines_of(by, period):
        wanted = line.place in places
        if wanted == line.included:
            continue
        if line.kind == "own":
            OwnLine.objects.filter(member=by, pk=line.key).update(included=wanted)
        else:
            Choice.objects.update_or_create(
                member=by, kind=line.kind, source_id=line.key, defaults={"included": wanted}
            )
    return queries.lines_of(by, period)


@transaction.atomic
def adjust(line: Line, *, minutes: int, note: str, by: Person) -> None:
    """Give a line other hours than those that were measured, and take it in."""
    lock(by)
    Choice.objects.update_or_create(
        member=by,
        kind=line.kind,
        source_id=line.key,
        defaults={
            "included": True,
            "minutes": None if minutes == line.measured else minutes,
            "note": note,
        },
    )


@transaction.atomic
def add(own: Own, *, by: Person, form_key: UUID | None = None) -> OwnLine:
    """Add a line; the same form sent twice adds one. Errors: TooMuch."""
    lock(by)
    if form_key and (there := OwnLine.objects.filter(member=by, form_key=form_key).first()):
        return there
    if OwnLine.objects.filter(member=by).count() >= rules.OWN_LINES:
        raise errors.TooMuch(f"You have added {rules.OWN_LINES:,} lines. Remove some first.")
    return OwnLine.objects.create(
        member=by, day=own.day, title=own.title, minutes=own.minutes, note=own.note,
        form_key=form_key,
    )  # fmt: skip


@transaction.atomic
def change(line: OwnLine, own: Own, *, by: Person) -> OwnLine:
    """Change a line that one has added. Errors: NotTheirs."""
    held = _own(line, by)
    held.day, held.title, held.minutes, held.note = own.day, own.title, own.minutes, own.note
    held.save()
    return held


@transaction.atomic
def remove(line: OwnLine, *, by: Person) -> None:
    """Remove a line that one has added. Errors: NotTheirs."""
    _own(line, by).delete()


def _own(line: OwnLine, by: Person) -> OwnLine:
    held = OwnLine.objects.select_for_update().filter(pk=line.pk, member=by).first()
    if held is None or not by.is_active:
        raise errors.NotTheirs("There is nothing here that you can do.")
    return held
