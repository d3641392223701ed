"""What is counted, how a funnel narrows, how long things take, and which numbers are too small."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

SILENT: Final = timedelta(days=7)
"""So long a mentor may be quiet before the team looks after it."""
NUDGED_AGAIN_AFTER: Final = timedelta(days=3)
FEWEST: Final = 5
"""A group of fewer is not told apart."""
LONGEST_SEGMENT: Final = 130
PRESENT: Final = date(1, 1, 1)
"""The month of what holds now, whichever period is chosen."""
KEPT_AFTER: Final = (30, 90, 180, 365)
"""Days after joining, on which it is asked whether somebody still signs in."""


class Side(StrEnum):
    """As what somebody is counted."""

    MEMBER = "member"
    MENTEE = "mentee"
    MENTOR = "mentor"


class Step(StrEnum):
    """A step of the road from the registration to the end."""

    REGISTERED = "registered"
    COMPLETE = "complete"
    SEARCHED = "searched"
    REQUESTED = "requested"
    MATCHED = "matched"
    TALKED = "talked"
    COMPLETED = "completed"


ROADS: Final[Mapping[Side, tuple[Step, ...]]] = MappingProxyType(
    {
        Side.MEMBER: (Step.REGISTERED, Step.COMPLETE),
        Side.MENTEE: tuple(Step),
        # Mentors do not search, they are asked.
        Side.MENTOR: tuple(step for step in Step if step is not Step.SEARCHED),
    }
)

Counts = Mapping[str, Mapping[str, int]]
"""Counts by measure and key."""


@dataclass(frozen=True)
class Number:
    """A count that may be shown, or not. Whether it is nought is not told either."""

    count: int
    hidden: bool = False

    @classmethod
    def of(cls, count: int, *, narrowed: bool) -> "Number":
        """Hidden when a segment is chosen and fewer than FEWEST stand behind it."""
        return cls(count, hidden=narrowed and count < FEWEST)

    @property
    def shown(self) -> int | str:
        """As a table has it."""
        return f"fewer than {FEWEST}" if self.hidden else self.count

    def __str__(self) -> str:
        return f"fewer than {FEWEST}" if self.hidden else f"{self.count:,}"


@dataclass(frozen=True)
class Reached:
    """A step of a funnel: how many came at least so far."""

    step: Step
    number: Number
    of_first: int | None
    of_previous: int | None
    width: float
    """Per cent of the first step, for the picture; nought for a number that is hidden."""


def funnel(side: Side, counts: Mapping[str, int], *, narrowed: bool) -> list[Reached]:
    """The steps of a side with what came through. Shares of hidden numbers are hidden."""
    numbers = [Number.of(counts.get(step, 0), narrowed=narrowed) for step in ROADS[side]]
    first = numbers[0]
    steps = []
    for at, (step, number) in enumerate(zip(ROADS[side], numbers, strict=True)):
        before = numbers[at - 1] if at else None
        steps.append(
            Reached(
                step=step,
                number=number,
                of_first=share(number, first) if at else None,
                of_previous=share(number, before) if before else None,
                width=0.0
                if number.hidden or not first.count
                else round(100 * number.count / first.count, 2),
            )
        )
    return steps


def share(part: Number, whole: Number) -> int | None:
    """Per cent; None where either is hidden or there is nothing to be a part of."""
    if part.hidden or whole.hidden or not whole.count:
        return None
    return round(100 * part.count / whole.count)


@dataclass(frozen=True)
class Waits:
    """How long something took: half of the times at most `middle`, nine of ten at most `late`."""

    count: Number
    middle: float | None
    late: float | None


def spread(counts: Mapping[str, int], *, narrowed: bool) -> Waits:
    """Median and ninth tenth of times that were counted in buckets, named by their value."""
    rows = sorted((int(value), count) for value, count in counts.items() if count)
    total = sum(count for _, count in rows)
    number = Number.of(total, narrowed=narrowed)
    if number.hidden or not rows:
        return Waits(number, None, None)
    return Waits(number, _quantile(rows, total, 0.5), _quantile(rows, total, 0.9))


def _quantile(rows: Sequence[tuple[int, int]], total: int, part: float) -> float:
    wanted, so_far = part * total, 0
    for value, count in rows:
        so_far += count
        if so_far >= wanted:
            return float(value)
    raise AssertionError("the parts are less than the whole")


def segment_parts(segment: str) -> tuple[str, str]:
    """Field and answer of "region=wales"; two empty texts for everybody."""
    field, _, answer = segment.partition("=")
    return field, answer


ANSWER_HOURS: Final = (6, 12, *range(24, 15 * 24, 24), 504, 672, 1008, 1440, 2160, 4320, 8760)
"""Bounds within which answers are counted, in hours."""
MATCH_DAYS: Final = (*range(1, 15), *range(21, 92, 7), *range(120, 731, 30), 1095, 1825, 3650)
"""Bounds within which the time from registration to the first match is counted, in days."""
