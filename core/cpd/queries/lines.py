"""What a record can hold: meetings that took place, the diary, goals reached, own lines."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.accounts.models import Person
from core.cpd.models import Choice, OwnLine
from core.cpd.rules import LINES_SHOWN, Line, Period
from core.diary.queries import own as own_entries
from core.goals.models import Goal
from core.kernel.clock import now
from core.meetings.queries import all_of as meetings_of
from core.meetings.rules import zone_named


def lines_of(person: Person, period: Period) -> list[Line]:
    """Everything of this person in a period, by kind and day, with what they chose.

    Meetings, goals and own lines are in until somebody takes them out. The diary is private: an
    entry is in only when its writer puts it in. At most 500 of a kind, the latest ones.
    """
    chosen = {(row.kind, str(row.source_id)): row for row in Choice.objects.filter(member=person)}
    found = [
        *_meetings(person, period),
        *_reflections(person, period),
        *_goals(person, period),
    ]
    return [*(_as_chosen(line, chosen) for line in found), *_own(person, period)]


def own_line_of(person: Person, line_id: UUID) -> OwnLine | None:
    """A line that this person added."""
    return OwnLine.objects.filter(member=person, pk=line_id).first() if person.is_active else None


def total(lines: Iterable[Line]) -> int:
    """The minutes of the lines that are in."""
    return sum(line.minutes for line in lines if line.included)


def _as_chosen(line: Line, chosen: dict[tuple[str, str], Choice]) -> Line:
    choice = chosen.get((line.kind, line.key))
    if choice is None:
        return line
    minutes = line.measured if choice.minutes is None else choice.minutes
    return replace(line, included=choice.included, minutes=minutes, note=choice.note)


def _meetings(person: Person, period: Period) -> list[Line]:
    zone = zone_named(person.time_zone)
    since, until = _moments(period, zone)
    rows = meetings_of(person).filter(
        cancelled_at=None, ends_at__lte=now(), starts_at__gte=since, starts_at__lt=until
    )
    return [
        Line(
            kind="meeting",
            key=str(row.pk),
            day=row.starts_at.astimezone(zone).date(),
            title=f"{row.title} (as {_role(person, row.mentorship)})",
            minutes=row.minutes,
            measured=row.minutes,
        )
        for row in reversed(rows.order_by("-starts_at", "-id")[:LINES_SHOWN])
    ]


def _reflections(person: Person, period: Period) -> list[Line]:
    rows = own_entries(person).filter(written_on__range=(period.first, period.last))
    return [
        Line(
            kind="reflection",
            key=str(row.pk),
            day=row.written_on,
            title=row.title,
            minutes=0,
            measured=0,
            text=row.text,
            included=False,
        )
        for row in reversed(rows[:LINES_SHOWN])
    ]


def _goals(person: Person, period: Period) -> list[Line]:
    zone = zone_named(person.time_zone)
    since, until = _moments(period, zone)
    rows = Goal.objects.filter(
        owner=person, deleted_at=None, completed_at__gte=since, completed_at__lt=until
    )
    return [
        Line(
            kind="goal",
            key=str(row.pk),
            day=row.completed_at.astimezone(zone).date(),
            title=row.label,
            minutes=0,
            measured=0,
            text=row.outcome,
        )
        for row in reversed(rows.order_by("-completed_at", "-id")[:LINES_SHOWN])
        if row.completed_at is not None
    ]


def _own(person: Person, period: Period) -> list[Line]:
    rows = OwnLine.objects.filter(member=person, day__range=(period.first, period.last))
    return [
        Line(
            kind="own",
            key=str(row.pk),
            day=row.day,
            title=row.title,
            minutes=row.minutes,
            measured=row.minutes,
            note=row.note,
            included=row.included,
        )
        for row in reversed(rows.order_by("-day", "-id")[:LINES_SHOWN])
    ]


def _role(person: Person, mentorship: Any) -> str:
    return "mentor" if person.pk == mentorship.mentor_id else "mentee"


def _moments(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day, by the person's clock."""
    first = datetime.combine(period.first, time(), tzinfo=zone)
    after = datetime.combine(period.last + timedelta(days=1), time(), tzinfo=zone)
    return first.astimezone(UTC), after.astimezone(UTC)
