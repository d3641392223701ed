"""SMART goals: limits, dates in words, hints, and the institute's words for the letters. Pure."""

import re
from datetime import date, timedelta
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from core.programme.rules import Strict

LABEL_LENGTH: Final = 120
DETAILS_LENGTH: Final = 10_000
OUTCOME_LENGTH: Final = 4000
REVIEW_LENGTH: Final = 4000
MILESTONE_LENGTH: Final = 200
GOALS: Final = 500
"""Goals that one person can have in one relationship."""
MILESTONES: Final = 50
REVIEWS: Final = 200
FURTHEST_YEARS: Final = 20
KEPT: Final = timedelta(days=30)
"""How long a deleted goal can be brought back."""
SMART: Final = "smart"
"""The kind, and the key, of the edition that holds the words for the letters."""
LETTERS: Final = ("s", "m", "a", "r", "t")


class Letter(Strict):
    """What one of the five letters stands for, and what to ask oneself."""

    word: Annotated[str, Field(min_length=2, max_length=30, pattern=r"^[A-Za-z][A-Za-z -]*$")]
    guidance: Annotated[str, Field(min_length=1, max_length=400)]


def _letter(word: str, guidance: str) -> Letter:
    return Letter(word=word, guidance=guidance)


class Smart(Strict):
    """The five letters in the institute's words (product E4)."""

    s: Letter = _letter(
        "Specific",
        "Say what will be different, for whom and where. Somebody who reads it should know what "
        "you are going to do without asking you.",
    )
    m: Letter = _letter(
        "Measurable",
        "Say how you will know that you have reached it: a number, something finished, or "
        "somebody who can confirm it.",
    )
    a: Letter = _letter(
        "Achievable",
        "Choose something that you can bring about yourself, with the time and the help that "
        "you have.",
    )
    r: Letter = _letter(
        "Realistic",
        "Look at everything else that is going on. If it needs a quiet month that will not come, "
        "make it smaller.",
    )
    t: Letter = _letter(
        "Timebound",
        "Give it a date. Steps on the way, each with a date of its own, make a far one come near.",
    )

    @model_validator(mode="after")
    def words_begin_with_their_letters(self) -> Self:
        """SMART has to be spelt by its words."""
        for letter in LETTERS:
            word = getattr(self, letter).word
            if not word.lower().startswith(letter):
                raise ValueError(f"{word!r} does not begin with {letter.upper()}")
        return self

    @property
    def letters(self) -> list[tuple[str, Letter]]:
        """The letters in their order: ("S", ...) to ("T", ...)."""
        return [(letter.upper(), getattr(self, letter)) for letter in LETTERS]


def due_in_words(day: date, today: date) -> str:
    """ "Due 6 days from now", "Due today", "2 days overdue" (product E6)."""
    days = (day - today).days
    if days == 0:
        return "Due today"
    if days == 1:
        return "Due tomorrow"
    if days > 1:
        return f"Due {days} days from now"
    return "1 day overdue" if days == -1 else f"{-days} days overdue"


def day_in_words(day: date) -> str:
    """ "4 May 2027"."""
    return f"{day.day} {day:%B} {day.year}"


class DayRefused(ValueError):
    """This is no day for a goal; the message is a sentence for people."""


def check_day(day: date, today: date, *, standing: date | None = None) -> None:
    """Raise DayRefused for a day in the past or too far away. The day that already stands is
    never refused: an overdue goal can be changed without being given a new date."""
    if day == standing:
        return
    if day < today:
        raise DayRefused(
            f"{day_in_words(day)} is in the past. Choose today or a day to come, or no date."
        )
    if day.year - today.year > FURTHEST_YEARS:
        raise DayRefused(f"Choose a day within the next {FURTHEST_YEARS} years.")


# Numbers, and words that stand for something one can count, tick off or have confirmed.
_COUNTED = re.compile(
    r"\d|%|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|half|once|twice|first|"
    r"second|third|each|every|all|both|daily|weekly|monthly|least|most|percent|finish\w*|"
    r"complete\w*|pass\w*|publish\w*|deliver\w*|submit\w*|certificat\w*|approv\w*|sign(?:ed)?)\b",
    re.IGNORECASE,
)


def hints(
    *, label: str, details: str, has_date: bool, milestones: int, smart: Smart
) -> list[tuple[str, str]]:
    """What a goal may lack: (the institute's word, a friendly sentence). Never a reason to refuse.

    A rule of thumb over English words; it says nothing where it finds a number in any script.
    """
    found = []
    if not milestones and not _COUNTED.search(f"{label} {details}"):
        found.append(
            (
                smart.m.word,
                "Nothing here can be counted or ticked off yet. How will you know that you have "
                "reached it?",
            )
        )
    if not has_date:
        found.append((smart.t.word, "There is no date yet. When would you like to look back?"))
    return found


def clean_text(text: str) -> str:
    """What somebody typed, with one kind of line end and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t\u200c\u200d" or c.isprintable()).strip()


def one_line(text: str) -> str:
    """What somebody typed, on one line."""
    return " ".join(clean_text(text).split())
