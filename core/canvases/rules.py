"""What a canvas is, and what becomes of a box into which two people write (pure: no database).

Source: product E2 and E3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from core.programme.rules import Strict

KIND: Final = "canvas"
KEY: Final = r"^[a-z][a-z0-9_]{0,39}$"
TITLE: Final = "title"
COLUMNS, ROWS = 4, 6
MOST_BOXES: Final = 12
TITLE_LENGTH: Final = 120
LABEL_LENGTH, INTRODUCTION_LENGTH = 40, 600
BOX_LABEL_LENGTH, GUIDANCE_LENGTH = 60, 300
BOX_LENGTH: Final = 5000
SHEETS_A_KIND: Final = 60
VERSIONS_KEPT: Final = 300
GATHERS: Final = timedelta(minutes=10)
UNDO: Final = timedelta(days=30)

Key = Annotated[str, Field(pattern=KEY)]
Choice = Literal["", "mine", "theirs", "both"]


class Box(Strict):
    """A field of a canvas, and its place on the sheet."""

    key: Key
    label: Annotated[str, Field(min_length=1, max_length=BOX_LABEL_LENGTH)]
    guidance: Annotated[str, Field(max_length=GUIDANCE_LENGTH)] = ""
    column: Annotated[int, Field(ge=1, le=COLUMNS)] = 1
    row: Annotated[int, Field(ge=1, le=ROWS)] = 1
    wide: Annotated[int, Field(ge=1, le=COLUMNS)] = 1
    tall: Annotated[int, Field(ge=1, le=ROWS)] = 1

    def places(self) -> Iterator[tuple[int, int]]:
        """The (row, column) places of the grid that it covers."""
        for row in range(self.row, self.row + self.tall):
            for column in range(self.column, self.column + self.wide):
                yield row, column


class Design(Strict):
    """A kind of canvas: SWOT, G-STAR, or one of an institute's own."""

    label: Annotated[str, Field(min_length=1, max_length=LABEL_LENGTH)]
    introduction: Annotated[str, Field(max_length=INTRODUCTION_LENGTH)] = ""
    boxes: tuple[Box, ...] = Field(min_length=1, max_length=MOST_BOXES, strict=False)

    @model_validator(mode="after")
    def boxes_have_their_own_places(self) -> Self:
        """Refuse boxes that cannot be told apart, or lie on each other, or off the sheet."""
        for _, sentence in faults(self.boxes):
            raise ValueError(sentence)
        return self

    @property
    def columns(self) -> int:
        """How many columns the sheet has."""
        return max(box.column + box.wide - 1 for box in self.boxes)

    @property
    def rows(self) -> int:
        """How many rows the sheet has."""
        return max(box.row + box.tall - 1 for box in self.boxes)


def faults(boxes: tuple[Box, ...]) -> Iterator[tuple[int, str]]:
    """What is wrong with boxes beside each other: (position of the box, a sentence)."""
    keys: set[str] = set()
    labels: set[str] = set()
    taken: dict[tuple[int, int], str] = {}
    for at, box in enumerate(boxes):
        if box.key == TITLE:
            yield at, f"A box cannot have the key “{TITLE}”"
        if box.key in keys:
            yield at, f"Two boxes have the key “{box.key}”"
        if box.label.casefold() in labels:
            yield at, f"Two boxes are called “{box.label}”"
        keys.add(box.key)
        labels.add(box.label.casefold())
        if box.column + box.wide - 1 > COLUMNS or box.row + box.tall - 1 > ROWS:
            yield at, f"“{box.label}” does not fit on {COLUMNS} columns and {ROWS} rows"
        under = next((taken[place] for place in box.places() if place in taken), None)
        if under is not None:
            yield at, f"“{box.label}” lies on “{under}”"
        taken |= dict.fromkeys(box.places(), box.label)


DEFAULTS: Final[dict[str, Design]] = {
    "swot": Design(
        label="SWOT",
        introduction=(
            "A calm look at where you stand, good at the beginning and before a decision. The "
            "upper row is about you, the lower row about the world around you."
        ),
        boxes=(
            Box(
                key="strengths",
                label="Strengths",
                guidance="What are you good at? What do others come to you for?",
            ),
            Box(
                key="weaknesses",
                label="Weaknesses",
                guidance="What costs you effort? What would you rather leave to others?",
                column=2,
            ),
            Box(
                key="opportunities",
                label="Opportunities",
                guidance="What is changing around you that you could use?",
                row=2,
            ),
            Box(
                key="threats",
                label="Threats",
                guidance="What could get in the way, and what would you do then?",
                column=2,
                row=2,
            ),
        ),
    ),
    "gstar": Design(
        label="G-STAR",
        introduction=(
            "One matter, thought through from the goal to the result. Take a real one that is on "
            "your mind now."
        ),
        boxes=(
            Box(
                key="goals",
                label="Goals",
                guidance="What would you like to reach, and how will you know?",
                wide=2,
            ),
            Box(
                key="situation",
                label="Situation",
                guidance="How do things stand today? Facts first.",
                row=2,
            ),
            Box(
                key="thinking",
                label="Thinking",
                guidance="Which ways are there? What speaks for and against each?",
                column=2,
                row=2,
            ),
            Box(
                key="actions",
                label="Actions",
                guidance="What will you do, by when, and who helps?",
                row=3,
            ),
            Box(
                key="results",
                label="Results",
                guidance="What came of it? Fill this in when you look back.",
                column=2,
                row=3,
            ),
        ),
    ),
}
"""The designs of an institute whose bundle says nothing of canvases."""


def plain(text: str) -> str:
    """A text as it is kept: one kind of line end, nothing that a database refuses."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def mark(text: str) -> str:
    """A short mark of a text: which version of a box somebody began to write on."""
    return sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Given:
    """What somebody sends for one box.

    `base` marks the text on which they began, `seen` the partner's text that they were shown
    beside theirs, `choice` what they decided then.
    """

    text: str
    base: str
    choice: Choice = ""
    seen: str = ""


@dataclass(frozen=True)
class Settled:
    """What becomes of a box. A clash changes nothing: somebody has to choose."""

    text: str
    clash: bool = False


def settle(current: str, given: Given, *, between: str = "\n\n") -> Settled:
    """Bring what is sent together with what stands there by now; no text is lost unchosen."""
    mine = plain(given.text)
    now = mark(current)
    if given.choice == "theirs":
        return Settled(current)
    if mine == current or mark(mine) == given.base:
        return Settled(current)
    if given.base == now:
        return Settled(mine)
    if given.choice and given.seen == now:
        joined = current.rstrip() + between + mine.lstrip()
        return Settled(joined if given.choice == "both" else mine)
    return Settled(current, clash=True)
