"""Reading what belongs to a member's record."""

from core.cpd.queries.lines import lines_of, own_line_of, total
from core.cpd.queries.records import issued_of, record_of, record_with, scheme

__all__ = [
    "issued_of",
    "lines_of",
    "own_line_of",
    "record_of",
    "record_with",
    "scheme",
    "total",
]
