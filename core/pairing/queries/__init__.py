"""Reads of runs: who is in the pool, how a draft stands, what changed since."""

from core.pairing.queries.checking import Check, check
from core.pairing.queries.drafts import (
    Alternative,
    Bar,
    alternatives,
    distribution,
    free_places,
    left_out,
    mentors_without,
    pairs,
    pool_of,
    runs,
)
from core.pairing.queries.ground import Ground, fields_to_filter, ground, receipt_kept

__all__ = [
    "Alternative",
    "Bar",
    "Check",
    "Ground",
    "alternatives",
    "check",
    "distribution",
    "fields_to_filter",
    "free_places",
    "ground",
    "left_out",
    "mentors_without",
    "pairs",
    "pool_of",
    "receipt_kept",
    "runs",
]
