"""What to look at: the period and the segment, as the address has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from core.insights import queries
from core.insights.queries import Question
from core.insights.rules import LONGEST, PERIODS, Period, month_of, months_before, read_period
from core.kernel.clock import now
from core.programme.queries import current


@dataclass(frozen=True)
class Chosen:
    """A period, a segment, and the words for what could not be followed."""

    period: Period
    segment: str
    segment_name: str
    questions: list[Question]
    notes: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The query of an address that asks for the same."""
        return self.period.address(segment=self.segment)

    @property
    def usual(self) -> list[tuple[int, str, bool]]:
        """The usual periods, how they are asked for, and whether they are chosen."""
        present = self.period.present
        return [
            (
                count,
                Period(months_before(present, count - 1), present, present).address(
                    segment=self.segment
                ),
                self.period.usual == count,
            )
            for count in PERIODS
        ]

    def months(self, first: date) -> list[tuple[int, list[tuple[str, str]]]]:
        """The months that can be chosen, newest first, by year: as asked for, and in words.

        They begin with `first`, or with the period where it begins earlier.
        """
        month = self.period.present
        earliest = max(
            min(first, self.period.first), months_before(month, LONGEST + len(PERIODS) * 12)
        )
        years: dict[int, list[tuple[str, str]]] = {}
        while month >= earliest:
            years.setdefault(month.year, []).append((f"{month:%Y-%m}", f"{month:%B %Y}"))
            month = months_before(month, 1)
        return list(years.items())

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last month as they are asked for."""
        return f"{self.period.first:%Y-%m}", f"{self.period.last:%Y-%m}"


def chosen(request: HttpRequest) -> Chosen:
    """Read the address. Nonsense is passed over with a note; it never fails."""
    return choose(request.GET.dict())


def choose(address: Mapping[str, str]) -> Chosen:
    """The same from the parts of an address: `months`, or `from` and `to`, and `segment`."""
    today = now().astimezone(ZoneInfo(current().time_zone)).date()
    period = read_period(address, present=month_of(today))
    notes = [period.note] if period.note else []
    questions = queries.questions()
    segment = address.get("segment", "")
    name = queries.name_of(segment, questions)
    if name is None:
        notes.append("There is no such answer in the profiles: everybody is shown.")
    return Chosen(period, segment if name else "", name or "", questions, notes)
