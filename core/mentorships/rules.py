"""Limits and fixed lists of the ask and its answer. No database."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

STATEMENT_LENGTH: Final = 3000
STATEMENT_SHORTEST: Final = 40
NOTE_LENGTH: Final = 1500
CHANGES_A_DAY: Final = 10
"""How often one request can be edited in a day: each time the mentor gets a mail."""

AREA_FIELD: Final = "areas_of_support"
"""The key of the profile field whose options are the areas that can be asked for."""


class Reason(StrEnum):
    """Why a mentor says no. Optional; the mentee is shown the sentence."""

    NO_TIME = "no_time"
    OTHER_EXPERIENCE = "other_experience"
    TOO_CLOSE = "too_close"
    FULL = "full"
    AWAY = "away"
    OTHER = "other"


REASONS: Final = {
    Reason.NO_TIME: "I cannot give this the time it deserves at present",
    Reason.OTHER_EXPERIENCE: "Somebody with other experience would help more",
    Reason.TOO_CLOSE: "We work too closely together",
    Reason.FULL: "I have as many mentees as I can take",
    Reason.AWAY: "I shall be away for a while",
    Reason.OTHER: "Another reason",
}


class Part(StrEnum):
    """What a piece of two compared texts is."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


def compare(before: str, after: str) -> list[tuple[Part, str]]:
    """Two texts word by word, in reading order: what stayed, what went, what came (C2)."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    pieces: list[tuple[Part, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            pieces.append((Part.SAME, "".join(new[c:d])))
            continue
        pieces += [(Part.REMOVED, "".join(old[a:b]))] if b > a else []
        pieces += [(Part.ADDED, "".join(new[c:d]))] if d > c else []
    return pieces


def is_full(capacity: int, active: int) -> bool:
    """Whether a mentor with this many active mentees has no place left."""
    return active >= capacity


def room(capacity: int, active: int) -> int:
    """Places left: never below nought, also when a mentor has lowered the number since."""
    return max(capacity - active, 0)
