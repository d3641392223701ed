"""The road as a picture: a winding line with a milestone for every stage. Geometry alone."""

from dataclasses import dataclass
from itertools import pairwise

from core.journey.queries import Place


@dataclass(frozen=True)
class Milestone:
    """A stage in the picture."""

    x: float
    y: float
    number: int
    kind: str
    """`done`, `now` or `ahead`."""


@dataclass(frozen=True)
class Picture:
    """A road to be drawn; `travelled` is the part that the two have behind them."""

    width: int
    height: int
    whole: str
    travelled: str
    milestones: list[Milestone]


def wide(places: list[Place]) -> Picture:
    """One line from left to right, winding."""
    count = len(places)
    points = [(70 + at * 860 / (count - 1), 55.0 if at % 2 else 115.0) for at in range(count)]
    return _picture(1000, 170, points, places)


def narrow(places: list[Place]) -> Picture:
    """Three stages a row, turning at each end like a path up a hill."""
    columns = 3
    points = []
    for at in range(len(places)):
        row, column = divmod(at, columns)
        column = columns - 1 - column if row % 2 else column
        points.append((70.0 + column * 100, 45.0 + row * 84))
    rows = (len(places) - 1) // columns + 1
    return _picture(340, 90 + (rows - 1) * 84, points, places)


def _picture(
    width: int, height: int, points: list[tuple[float, float]], places: list[Place]
) -> Picture:
    now_at = next((at for at, place in enumerate(places) if place.is_now), len(places) - 1)
    pieces = [_piece(one, two) for one, two in pairwise(points)]
    begin = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    return Picture(
        width=width,
        height=height,
        whole=" ".join([begin, *pieces]),
        travelled=" ".join([begin, *pieces[:now_at]]),
        milestones=[
            Milestone(
                x, y, place.number,
                "now" if place.is_now else "done" if place.standing.passed else "ahead",
            )
            for (x, y), place in zip(points, places, strict=True)
        ],
    )  # fmt: skip


def _piece(one: tuple[float, float], two: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = one, two
    if x1 == x2:  # the turn at the end of a row
        out = 55 if x1 > 170 else -55
        return f"C{x1 + out:.0f} {y1:.0f} {x2 + out:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    middle = (x1 + x2) / 2
    return f"C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
