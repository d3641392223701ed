"""Records and settings on the staff site, and parts that lists of other apps are made of."""

from core.programme.staff import front, policies, texts, words
from core.programme.staff.records import Outbox, filter_by, in_words, worded

__all__ = [
    "Outbox",
    "filter_by",
    "front",
    "in_words",
    "policies",
    "texts",
    "worded",
    "words",
]
