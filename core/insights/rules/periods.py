"""Months, and the stretch of months that somebody chose to look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

PERIODS: Final = (12, 24, 36)
LONGEST: Final = 120
"""Months that one view can hold: ten years."""


def month_of(day: date) -> date:
    """The first day of a month."""
    return day.replace(day=1)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months earlier (later for a negative count)."""
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """How many months from the one to the other, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


@dataclass(frozen=True)
class Period:
    """Months from `first` to `last`, both included, named by their first days."""

    first: date
    last: date
    present: date
    note: str = ""

    @property
    def until(self) -> date:
        """The first day after it."""
        return months_before(self.last, -1)

    @property
    def count(self) -> int:
        """How many months."""
        return months_between(self.first, self.last)

    @property
    def usual(self) -> int | None:
        """The length, when it is one of the usual ones and ends now."""
        return self.count if self.last == self.present and self.count in PERIODS else None

    @property
    def query(self) -> Mapping[str, str]:
        """The period as the parts of an address."""
        if self.usual:
            return {"months": str(self.usual)}
        return {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}

    @property
    def name(self) -> str:
        """In words: "April 2025 to March 2026"."""
        if self.first == self.last:
            return f"{self.first:%B %Y}"
        return f"{self.first:%B %Y} to {self.last:%B %Y}"

    def year_before(self) -> "Period":
        """The same months of the year before."""
        return Period(months_before(self.first, 12), months_before(self.last, 12), self.present)

    def __iter__(self) -> Iterator[date]:
        month = self.first
        while month <= self.last:
            yield month
            month = months_before(month, -1)

    def address(self, **more: str) -> str:
        """The query of an address with further parts; empty ones are left out."""
        return urlencode({**self.query, **{key: value for key, value in more.items() if value}})


def read_period(asked: Mapping[str, str], *, present: date) -> Period:
    """What an address asks for: `months`, or `from` and `to` as "2026-03".

    Nonsense gives the last twelve months and a note that says so.
    """
    usual = Period(months_before(present, PERIODS[0] - 1), present, present)
    count = asked.get("months", "")
    begin, end = asked.get("from", ""), asked.get("to", "")
    if not (count or begin or end):
        return usual
    if count and not (begin or end):
        if count in {str(length) for length in PERIODS}:
            return Period(months_before(present, int(count) - 1), present, present)
        return _noted(usual, "There is no such period: the last twelve months are shown.")
    first, last = _month(begin), _month(end)
    if (begin and first is None) or (end and last is None):
        return _noted(
            usual, "That is no month, for example 2026-03: the last twelve months are shown."
        )
    last = min(last or present, present)
    first = first or months_before(last, PERIODS[0] - 1)
    if first > last:
        return _noted(usual, "The period ends before it begins: the last twelve months are shown.")
    if months_between(first, last) > LONGEST:
        cut = Period(months_before(last, LONGEST - 1), last, present)
        return _noted(cut, "Ten years are shown at most: the last ten of those that you chose.")
    return Period(first, last, present)


def _noted(period: Period, note: str) -> Period:
    return Period(period.first, period.last, period.present, note)


def _month(text: str) -> date | None:
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and len(month) == 2 and text.isascii()):
        return None
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12 and int(year) >= 1900):
        return None
    return date(int(year), int(month), 1)
