"""What a CPD record is made of (product E14). Pure."""

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field

from core.programme.rules import ShortText, Strict

KIND: Final = "cpd"
KEY: Final = "scheme"
TITLE_LENGTH: Final = 160
NOTE_LENGTH: Final = 500
LONGEST_MINUTES: Final = 24 * 60
OWN_LINES: Final = 1_000
LINES_SHOWN: Final = 500
LETTERS: Final = 300_000
LONGEST_YEARS: Final = 5
ISSUED_A_DAY: Final = 20
CHECKS: Final = 30
CHECKS_SECONDS: Final = 600
EARLIEST: Final = date(1990, 1, 1)

_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 16
_HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))?|(\d{1,2}):([0-5]\d)", re.ASCII)


class Scheme(Strict):
    """The institute's scheme of continuing professional development."""

    scheme: ShortText
    link: Annotated[str, Field(pattern=r"^https://[^\s<>\"]+$", max_length=300)] | None = None
    hours_target: Annotated[int, Field(ge=1, le=500)] | None = None
    note: Annotated[str, Field(max_length=600)] = ""


class LineRefused(ValueError):
    """This cannot stand in a record; the message is a sentence for people."""


@dataclass(frozen=True)
class Period:
    """From one day to another, both counted."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """ "1 January 2026 to 31 December 2026"."""
        return f"{day_in_words(self.first)} to {day_in_words(self.last)}"

    @property
    def query(self) -> str:
        """The query string that asks for it."""
        return f"from={self.first.isoformat()}&to={self.last.isoformat()}"


KINDS: Final = {
    "meeting": "Meetings",
    "reflection": "Reflections from your diary",
    "goal": "Goals reached",
    "own": "Your own lines",
}
NAMES: Final = {"meeting": "Meeting", "reflection": "Reflection", "goal": "Goal", "own": "Other"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a record. `measured` is what it lasted before somebody adjusted it."""

    kind: str
    key: str
    day: date
    title: str
    minutes: int
    measured: int
    note: str = ""
    text: str = ""
    included: bool = True

    @property
    def place(self) -> str:
        """Kind and key, as a form names the line."""
        return f"{self.kind}:{self.key}"

    @property
    def is_adjusted(self) -> bool:
        """Whether its hours are not those that were measured."""
        return self.minutes != self.measured

    @property
    def hours(self) -> str:
        """ "1.5"."""
        return hours_of(self.minutes)

    def kept(self) -> dict[str, Any]:
        """What an issued record keeps of it."""
        return {**asdict(self), "day": self.day.isoformat()}


def latest_period(today: date) -> Period:
    """The twelve months up to today."""
    try:
        before = today.replace(year=today.year - 1)
    except ValueError:  # 29 February
        before = today.replace(year=today.year - 1, day=28)
    return Period(date.fromordinal(before.toordinal() + 1), today)


def period_from(first: date, last: date) -> Period:
    """A period somebody chose; raises LineRefused."""
    if last < first:
        raise LineRefused("The last day comes before the first. Change one of them.")
    if first < EARLIEST:
        raise LineRefused(f"Choose a first day from {EARLIEST.year} on.")
    if (last - first).days > LONGEST_YEARS * 366:
        raise LineRefused(f"Choose {LONGEST_YEARS} years at most.")
    return Period(first, last)


def minutes_from(text: str) -> int:
    """The minutes in "1.5" or "1:30" hours; raises LineRefused."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise LineRefused("Enter hours such as 1.5 or 1:30.")
    if found[1] is not None:
        minutes = int(found[1]) * 60 + round(float(f"0.{found[2] or '0'}") * 60)
    else:
        minutes = int(found[3]) * 60 + int(found[4])
    if minutes > LONGEST_MINUTES:
        raise LineRefused("One line has 24 hours at most.")
    return minutes


def hours_of(minutes: int) -> str:
    """Minutes as hours: "1.5", "0.75", "2"."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def day_in_words(day: date) -> str:
    """ "2 March 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def new_code() -> str:
    """A code that nobody guesses, of signs that nobody mistakes for each other."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_CODE_LENGTH))


def in_groups(code: str) -> str:
    """The code as people read it: "ABCD-EFGH-JKMN-PQRS"."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_from(text: str) -> str:
    """The code that somebody typed, however they typed it; empty where it cannot be one."""
    code = re.sub(r"[\s-]", "", text[:80]).upper()
    return code if len(code) == _CODE_LENGTH and set(code) <= set(_SIGNS) else ""
