"""The rules of matching a whole pool, without a database (product F4)."""

from core.pairing.rules.choices import MOST_WEIGHT, Choices, Goal, asked_in
from core.pairing.rules.grid import Grid, Mentee, Mentor, grid_of
from core.pairing.rules.reasons import Reason, Spoken, explained
from core.pairing.rules.solving import (
    MOST_CELLS,
    Solution,
    TooLarge,
    one_by_one,
    solve,
)

__all__ = [
    "MOST_CELLS",
    "MOST_WEIGHT",
    "Choices",
    "Goal",
    "Grid",
    "Mentee",
    "Mentor",
    "Reason",
    "Solution",
    "Spoken",
    "TooLarge",
    "asked_in",
    "explained",
    "grid_of",
    "one_by_one",
    "solve",
]
