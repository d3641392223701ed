"""Limits and fixed lists of the ask and its answer. No database."""

from enum import StrEnum
from typing import Final

STATEMENT_LENGTH: Final = 3000
STATEMENT_SHORTEST: Final = 40
NOTE_LENGTH: Final = 1500

AREA_FIELD: Final = "areas_of_support"
"""The key of the profile field whose options are the areas that can be asked for."""


class Reason(StrEnum):
    """Why a mentor says no. Optional; the mentee is shown the sentence."""

    NO_TIME = "no_time"
    OTHER_EXPERIENCE = "other_experience"
    TOO_CLOSE = "too_close"
    AWAY = "away"
    OTHER = "other"


REASONS: Final = {
    Reason.NO_TIME: "I cannot give this the time it deserves at present",
    Reason.OTHER_EXPERIENCE: "Somebody with other experience would help more",
    Reason.TOO_CLOSE: "We work too closely together",
    Reason.AWAY: "I shall be away for a while",
    Reason.OTHER: "Another reason",
}


def is_full(capacity: int, active: int) -> bool:
    """Whether a mentor with this many active mentees has no place left."""
    return active >= capacity


def room(capacity: int, active: int) -> int:
    """Places left: never below nought, also when a mentor has lowered the number since."""
    return max(capacity - active, 0)
