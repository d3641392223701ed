"""The clock of a request to be erased, and the periods for which things are kept (pure)."""

import calendar
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

FORMER: Final = "A former member"
"""What stands where a name stood."""
GONE: Final = "(removed)"
"""What stands where an address, a number or words stood."""
REMIND_BEFORE: Final = timedelta(days=10)
REMIND_AGAIN: Final = timedelta(days=7)
CONFIRM_WITHIN: Final = timedelta(days=3)
LONGEST_DAYS: Final = 7300
KIND: Final = "retention"
KEY: Final = "periods"
"""Under which an institute's periods are kept as editions."""

Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


class Periods(BaseModel):
    """For how many days each kind of record is kept; what is not named is kept for good."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    days: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,59}$")], Days] = {}


def month_after(at: datetime) -> datetime:
    """The same day of the next month, or its last day: the "one month" of the law."""
    year, month = (at.year + 1, 1) if at.month == 12 else (at.year, at.month + 1)
    day = min(at.day, calendar.monthrange(year, month)[1])
    return at.replace(year=year, month=month, day=day)
