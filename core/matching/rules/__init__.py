"""The rules of matching, without a database (product B3 to B7)."""

from core.matching.rules.receipts import Line, Receipt, receipt_of
from core.matching.rules.search import (
    NOW_ANY,
    PAGE_SIZE,
    PAGES,
    STILL_ANY,
    Search,
    address,
    read_address,
)
from core.matching.rules.wanted import (
    RESERVED,
    Choice,
    Question,
    Want,
    Wanted,
    meets,
    points,
    token,
    tokens_of,
    values_of,
    wanted_from_answers,
)

__all__ = [
    "NOW_ANY",
    "PAGES",
    "PAGE_SIZE",
    "RESERVED",
    "STILL_ANY",
    "Choice",
    "Line",
    "Question",
    "Receipt",
    "Search",
    "Want",
    "Wanted",
    "address",
    "meets",
    "points",
    "read_address",
    "receipt_of",
    "token",
    "tokens_of",
    "values_of",
    "wanted_from_answers",
]
