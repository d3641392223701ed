"""The shape of a survey, and the one that an institute begins with (product E10)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from core.programme.rules import Strict, unknown_placeholders

Moment = Literal["completion", "midpoint"]
Kind = Literal["scale", "choice", "choices", "text"]
Audience = Literal["mentor", "mentee", "both"]

COMPLETION: Final = "completion"
MIDPOINT: Final = "midpoint"
MOMENTS: Final[tuple[Moment, ...]] = ("completion", "midpoint")
KINDS: Final[tuple[Kind, ...]] = ("scale", "choice", "choices", "text")
CHOOSING: Final = ("choice", "choices")
AUDIENCES: Final[tuple[Audience, ...]] = ("both", "mentee", "mentor")
STEPS: Final = (1, 2, 3, 4, 5)
CONCERN: Final = "concern"
"""The key of the question about what went wrong, which every survey ends with."""

MOST_QUESTIONS: Final = 30
MOST_OPTIONS: Final = 20
LONGEST_TEXT: Final = 4000
LONGEST: Final = {
    "title": 120, "intro": 1500, "thanks": 1500, "label": 200, "help": 400, "low": 60, "high": 60,
    "option": 120,
}  # fmt: skip

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_LINE = r"^[^\s\x00-\x1f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f])?$"


class Option(Strict):
    """One answer to choose."""

    key: Key
    label: Annotated[str, Field(pattern=_LINE, max_length=LONGEST["option"])]


class Question(Strict):
    """One question. Its key stays the same over versions, so that answers can be compared."""

    key: Key
    kind: Kind
    label: Annotated[str, Field(pattern=_LINE, max_length=LONGEST["label"])]
    help: Annotated[str, Field(max_length=LONGEST["help"])] = ""
    required: bool = False
    audience: Audience = "both"
    low: Annotated[str, Field(max_length=LONGEST["low"])] = ""
    high: Annotated[str, Field(max_length=LONGEST["high"])] = ""
    options: tuple[Option, ...] = Field(default=(), max_length=MOST_OPTIONS, strict=False)

    @model_validator(mode="after")
    def options_fit(self) -> Self:
        """Two options or more where there is something to choose; ends on a scale alone."""
        if self.kind in CHOOSING and len(self.options) < 2:
            raise ValueError("A question to choose from needs two options or more")
        if self.kind not in CHOOSING and self.options:
            raise ValueError("Only questions of kind choice or choices have options: remove them")
        if len({one.key for one in self.options}) < len(self.options):
            raise ValueError("Two options have the same key: give each its own")
        if self.kind != "scale" and (self.low or self.high):
            raise ValueError("Only a scale has words for its ends: remove low and high")
        return self

    def asks(self, role: str) -> bool:
        """Whether a mentor or a mentee is asked this."""
        return self.audience in (role, "both")


class Survey(Strict):
    """A survey as it is published: never changed, only followed by another version."""

    title: Annotated[str, Field(pattern=_LINE, max_length=LONGEST["title"])]
    intro: Annotated[str, Field(max_length=LONGEST["intro"])] = ""
    questions: tuple[Question, ...] = Field(min_length=1, max_length=MOST_QUESTIONS, strict=False)
    thanks: Annotated[str, Field(max_length=LONGEST["thanks"])] = ""

    @model_validator(mode="after")
    def keys_and_words_are_good(self) -> Self:
        """Each key once, something to ask of both, and placeholders that stand for something."""
        keys = [one.key for one in self.questions]
        if len(set(keys)) < len(keys) or CONCERN in keys:
            raise ValueError(f"Each question needs a key of its own, and none “{CONCERN}”")
        for role in ("mentor", "mentee"):
            if not any(one.asks(role) for one in self.questions):
                raise ValueError(f"There is no question for a {role}: ask something of both")
        for text in texts(self.model_dump()):
            if unknown := unknown_placeholders(text):
                raise ValueError(f"{{{{ {unknown[0]} }}}} stands for nothing here")
        return self

    def asked_of(self, role: str) -> list[Question]:
        """The questions for a mentor or a mentee, in their order."""
        return [one for one in self.questions if one.asks(role)]


class Surveys(Strict):
    """The surveys of a bundle; what is left out is asked with the words of the product."""

    completion: Survey | None = None
    midpoint: Survey | None = None


def texts(value: Any) -> Iterator[str]:
    """Every text in a survey."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


@dataclass(frozen=True)
class Flaw:
    """What is wrong in a draft: in which question (its key, or none), in which of its boxes."""

    question: str
    box: str
    message: str


def flaws(draft: Mapping[str, Any]) -> list[Flaw]:
    """What keeps a draft from being published, in the order in which it is read."""
    found = [*_of_text("", "title", draft, needed="Give the survey a title.")]
    found += [*_of_text("", "intro", draft), *_of_text("", "thanks", draft)]
    questions = draft["questions"]
    if not questions:
        found.append(Flaw("", "add", "Add a question: a survey needs one at least."))
    if len(questions) > MOST_QUESTIONS:
        found.append(Flaw("", "add", f"Ask {MOST_QUESTIONS} questions at most."))
    for one in questions:
        key = one["key"]
        found += _of_text(key, "label", one, needed="Write the question.")
        for box in ("help", "low", "high"):
            found += _of_text(key, box, one)
        if one["kind"] in CHOOSING:
            found += _of_options(one)
    for role in ("mentor", "mentee"):
        if questions and not any(one["audience"] in (role, "both") for one in questions):
            found.append(Flaw("", "add", f"There is no question for a {role}: ask one of both."))
    return found


def _of_text(
    key: str, box: str, part: Mapping[str, Any], needed: str = "", most: int = 0
) -> list[Flaw]:
    text, most = part[box], most or LONGEST[box]
    if needed and not text:
        return [Flaw(key, box, needed)]
    if len(text) > most:
        return [Flaw(key, box, f"Shorten this to {most} characters: it has {len(text)}.")]
    if unknown := unknown_placeholders(text):
        return [Flaw(key, box, f"{{{{ {unknown[0]} }}}} stands for nothing here.")]
    return []


def _of_options(question: Mapping[str, Any]) -> list[Flaw]:
    key, options = question["key"], question["options"]
    labels = [one["label"] for one in options]
    if len(labels) < 2:
        return [Flaw(key, "options", "Give two answers or more to choose from.")]
    if len(labels) > MOST_OPTIONS:
        return [Flaw(key, "options", f"Give {MOST_OPTIONS} answers at most.")]
    if len({one.casefold() for one in labels}) < len(labels):
        return [Flaw(key, "options", "Two answers are the same: change one.")]
    found: list[Flaw] = []
    for label in labels:
        found += _of_text(key, "options", {"options": label}, most=LONGEST["option"])
    return found[:1]


def one_line(text: str) -> str:
    """A text without line breaks and control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _question(key: str, kind: Kind, label: str, **more: Any) -> Question:
    return Question(key=key, kind=kind, label=label, **more)


def _options(**labels: str) -> tuple[Option, ...]:
    return tuple(Option(key=key, label=label) for key, label in labels.items())


DEFAULTS: Final[Mapping[Moment, Survey]] = {
    "completion": Survey(
        title="How was it?",
        intro="A few questions about your time together. They take about five minutes.",
        questions=(
            _question(
                "worth_it", "scale", "All in all, how worthwhile was it for you?",
                required=True, low="Not at all", high="Very much",
            ),
            _question(
                "reached", "choice", "How much of what you set out to do was reached?",
                audience="mentee",
                options=_options(
                    all="All of it", most="Most of it", some="Some of it", none="None of it yet",
                    other="Something else came of it",
                ),
            ),
            _question(
                "prepared", "scale", "How well prepared did you feel as {{ a_mentor }}?",
                audience="mentor", low="Not at all", high="Very well",
            ),
            _question("helped", "text", "What helped most?"),
            _question("better", "text", "What should we do better?"),
        ),
        thanks="Thank you. What you wrote helps those who come after you.",
    ),
    "midpoint": Survey(
        title="How is it going?",
        intro="Three short questions in the middle of your time together.",
        questions=(
            _question(
                "on_course", "scale", "How well is it going for you?",
                required=True, low="Not well", high="Very well",
            ),
            _question(
                "often_enough", "choice", "Do you meet often enough?",
                options=_options(
                    yes="Yes", too_rarely="Too rarely", too_often="Too often",
                    not_yet="We have not met yet",
                ),
            ),
            _question("support", "text", "What would help you now?"),
        ),
        thanks="Thank you. Go on well.",
    ),
}  # fmt: skip
