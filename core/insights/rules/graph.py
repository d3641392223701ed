"""The graph of visits: months, and their drawing as bars. Pure geometry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from core.insights.rules.periods import Period, month_of, months_before


@dataclass(frozen=True)
class Month:
    """The visits of one month. `before` is None where nothing was counted a year earlier."""

    first_day: date
    parts: tuple[int, ...]
    before: int | None
    unfinished: bool = False

    @property
    def total(self) -> int:
        """Visits of every kind."""
        return sum(self.parts)

    @property
    def change(self) -> int | None:
        """Per cent against the year before; None where there is nothing fair to compare with."""
        if self.unfinished or not self.before:
            return None
        return round(100 * (self.total - self.before) / self.before)


def months(
    counted: Mapping[date, Sequence[int]],
    period: Period,
    *,
    first: date | None,
    kinds: int,
) -> list[Month]:
    """The months of a period, none before the `first` that was counted.

    `counted` maps first days of months to visits by kind, and reaches a year further back.
    """
    begin = month_of(first) if first else period.present
    # A month in which counting began late is no fair measure for the same month a year on.
    whole = begin if first is None or first.day == 1 else months_before(begin, -1)
    listed = []
    for month in period:
        if month < begin:
            continue
        year_earlier = months_before(month, 12)
        listed.append(
            Month(
                first_day=month,
                parts=tuple(counted.get(month, (0,) * kinds)),
                before=sum(counted.get(year_earlier, ())) if year_earlier >= whole else None,
                unfinished=month == period.present,
            )
        )
    return listed


def scale(highest: int, lines: int = 4) -> list[int]:
    """Round values for the grid, from 0 to at least `highest`."""
    if highest <= 0:
        return [0, 1]
    rough = highest / lines
    power = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = max(1, next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough))
    step = ceil(step)
    return [step * i for i in range(ceil(highest / step) + 1)]


@dataclass(frozen=True)
class Piece:
    """One kind's share of a bar."""

    kind: int
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """A month, drawn."""

    month: Month
    x: float
    width: float
    middle: float
    top: float
    pieces: tuple[Piece, ...]
    labelled: bool
    heading: str
    detail: str
    read_at: float
    read_from: str
    """Where its words stand, and which end of them: at the bar itself where the graph is long."""


@dataclass(frozen=True)
class Grid:
    """A horizontal line with its value."""

    value: int
    y: float


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws; lengths in the units of the view box."""

    width: int
    height: int
    left: int
    right: int
    top: int
    floor: int
    bars: tuple[Bar, ...]
    grid: tuple[Grid, ...]
    line: str
    dots: tuple[tuple[float, float], ...]
    values_shown: bool
    long: bool

    @property
    def depth(self) -> int:
        """How far a bar can reach up."""
        return self.floor - self.top


def heading(month: Month) -> str:
    """The month and its sum in words."""
    noun = "visit" if month.total == 1 else "visits"
    so_far = " so far" if month.unfinished else ""
    return f"{month.first_day:%B %Y}: {month.total:,} {noun}{so_far}"


def detail(month: Month, labels: Sequence[str]) -> str:
    """What the sum is made of, and the year before."""
    parts = [
        f"{label.lower()} {count:,}"
        for label, count in zip(labels, month.parts, strict=True)
        if count
    ]
    if month.before is not None:
        parts.append(f"year before {month.before:,}")
    return ", ".join(parts)


def chart(
    shown: Sequence[Month],
    labels: Sequence[str],
    *,
    width: int,
    height: int,
    left: int = 52,
    narrowest: float = 0,
) -> Chart:
    """Place the bars of the months, the line of the year before and the grid.

    `labels` are the names of the kinds that the parts of a month count. `narrowest` is the least
    room of a month: a graph that needs more than `width` for it is long.
    """
    long = width - 8 - left < narrowest * len(shown)
    if long:
        width = ceil(left + 8 + narrowest * len(shown))
    right, top, ground = width - 8, 54, height - 40
    grid = scale(max([m.total for m in shown] + [m.before or 0 for m in shown], default=0))
    unit = (ground - top) / grid[-1]
    slot = (right - left) / max(len(shown), 6)
    bar_width = min(slot * 0.68, 56.0)
    every = ceil(34 / slot) if slot < 34 else 1
    bars, dots = [], []
    for index, month in enumerate(shown):
        middle = left + slot * (index + 0.5)
        y = float(ground)
        pieces = []
        for kind, count in enumerate(month.parts):
            if count:
                y -= count * unit
                pieces.append(Piece(kind, round(y, 2), round(count * unit, 2)))
        bars.append(
            Bar(
                month=month,
                x=round(middle - bar_width / 2, 2),
                width=round(bar_width, 2),
                middle=round(middle, 2),
                top=round(y, 2),
                pieces=tuple(pieces),
                labelled=(len(shown) - 1 - index) % every == 0,
                heading=heading(month),
                detail=detail(month, labels),
                read_at=round(middle, 2) if long else left,
                read_from="end" if long and middle > width / 2 else "start",
            )
        )
        if month.before is not None:
            dots.append((round(middle, 2), round(ground - month.before * unit, 2)))
    return Chart(
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        floor=ground,
        bars=tuple(bars),
        grid=tuple(Grid(value, round(ground - value * unit, 2)) for value in grid),
        line=" ".join(f"{x},{y}" for x, y in dots) if len(dots) > 1 else "",
        dots=tuple(dots),
        values_shown=slot >= 38,
        long=long,
    )
