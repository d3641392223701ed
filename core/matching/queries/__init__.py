"""Reads of matching: what is asked, who is found, and why."""

from core.matching.queries.comparing import Comparison, compare
from core.matching.queries.criteria import (
    all_criteria,
    indexed_keys,
    profile_answers,
    questions,
    wanted_of,
)
from core.matching.queries.ranking import COUNTED, Count, Pool
from core.matching.queries.results import (
    Result,
    ResultPage,
    next_closest,
    next_closest_for_all,
    receipt,
    receipts,
    search,
)

__all__ = [
    "COUNTED",
    "Comparison",
    "Count",
    "Pool",
    "Result",
    "ResultPage",
    "all_criteria",
    "compare",
    "indexed_keys",
    "next_closest",
    "next_closest_for_all",
    "profile_answers",
    "questions",
    "receipt",
    "receipts",
    "search",
    "wanted_of",
]
