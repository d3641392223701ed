"""Who goes with whom: the best draft over all pairs, not the best for whoever comes first.

An assignment with places: each mentor stands in as many columns as they have places, and the
Hungarian method finds the best one exactly. What is best is one whole number a pair, put together
so that a later wish never outweighs an earlier one:

1. the goal: points, or people;
2. the other of the two;
3. among equals, mentors who have fewest mentees, so that nobody is loaded while others wait.

Sums stay below 2**53, where floating point numbers are exact. The same people give the same draft
in whatever order they come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.pairing.rules.choices import Goal
from core.pairing.rules.grid import Marks, Points

MOST_CELLS: Final = 30_000_000
"""Mentees times places up to which a pool is solved at once: about half a gigabyte at work."""
EXACT: Final = 2**53


class TooLarge(ValueError):
    """More mentees and places than can be held at once."""


@dataclass(frozen=True)
class Solution:
    """For each row the column of its mentor, or -1; what it is worth."""

    chosen: tuple[int, ...]
    total: int
    matched: int


def solve(points: Points, allowed: Marks, places: Points, taken: Points, goal: Goal) -> Solution:
    """The best draft. In: points of all pairs, which of them may be, places and mentees a mentor.

    Rows and columns come in an order that does not depend on chance (by key). Raises TooLarge.
    """
    # Half a second that every process would pay at its start, and few ever need.
    from scipy.optimize import linear_sum_assignment

    fitting = allowed.sum(axis=0)
    copies = np.minimum(np.maximum(places, 0), fitting)
    rows = np.flatnonzero(allowed.any(axis=1))
    columns = np.repeat(np.arange(len(copies)), copies)
    if not len(rows) or not len(columns):
        return _told([-1] * len(points), points)
    if len(rows) * len(columns) > MOST_CELLS:
        raise TooLarge
    nth = np.concatenate([np.arange(number) for number in copies])
    load = taken[columns] + nth
    value = _worth(points, len(rows), goal, load)
    table = value.pairs[np.ix_(rows, columns)] - (value.loads * load)[None, :]
    table[~allowed[np.ix_(rows, columns)]] = 0
    found, places_given = linear_sum_assignment(table, maximize=True)
    chosen = [-1] * len(points)
    for row, column in zip(rows[found], columns[places_given], strict=True):
        if allowed[row, column]:
            chosen[int(row)] = int(column)
    return _told(chosen, points)


def one_by_one(points: Points, allowed: Marks, places: Points) -> Solution:
    """What would come out mentee by mentee, each with the closest mentor who is still free."""
    left = places.copy()
    chosen = []
    for row in range(len(points)):
        free = allowed[row] & (left > 0)
        if not free.any():
            chosen.append(-1)
            continue
        column = int(np.argmax(np.where(free, points[row], -1)))
        left[column] -= 1
        chosen.append(column)
    return _told(chosen, points)


@dataclass(frozen=True)
class _Worth:
    pairs: NDArray[np.float64]
    loads: int


def _worth(points: Points, rows: int, goal: Goal, load: NDArray[np.int64]) -> _Worth:
    """Each pair as one number of the three wishes; the last one is dropped where it is too much."""
    highest = int(points.max(initial=0))
    if goal == "best_total":
        pairs = points * (rows + 1) + 1
        highest = highest * (rows + 1) + 1
    else:
        step = rows * highest + 1
        pairs = points + step
        highest += step
    heaviest = rows * int(load.max(initial=0)) + 1
    loads = 1 if highest * heaviest * (rows + 1) < EXACT else 0
    return _Worth((pairs * heaviest if loads else pairs).astype(np.float64), loads)


def _told(chosen: Sequence[int], points: Points) -> Solution:
    met = [int(points[row, column]) for row, column in enumerate(chosen) if column >= 0]
    return Solution(tuple(chosen), sum(met), len(met))
