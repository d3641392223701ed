"""What the society tells us, in words and in the languages of its systems. No database."""

from core.membership.rules.records import (
    LONGEST_NUMBER,
    LONGEST_SUBJECT,
    PUSHED,
    SIGN_INS,
    SOCIETY,
    Record,
    Source,
    Standing,
    Status,
    grace,
)

__all__ = [
    "LONGEST_NUMBER",
    "LONGEST_SUBJECT",
    "PUSHED",
    "SIGN_INS",
    "SOCIETY",
    "Record",
    "Source",
    "Standing",
    "Status",
    "grace",
]
