"""The plan of a journey, and where two people stand on it. No database.

A plan is the document of an edition of kind "journey" (product E8, E12): stages in their order, of
which the last is the end of the journey. Whether a stage counts as completed is decided here, by
the institute's policy; the end itself is decided by the lifecycle (`core.mentorships.states`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from core.programme.rules import Strict, unknown_placeholders

KIND: Final = "journey"
KEY: Final = "plan"

FIRST_CONVERSATION: Final = "first_conversation"
OTHER_TOOLS: Final = ("messages", "resources")
MOST_STAGES: Final = 12
MOST_ACTIVITIES: Final = 6
MOST_QUESTIONS: Final = 12
ANSWER_LENGTH: Final = 6000

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Line = Annotated[str, Field(min_length=1, max_length=160)]
Text = Annotated[str, Field(max_length=8000)]
GuideStage = Literal["", "start", "first_conversation", "progression", "completion"]


class Question(Strict):
    """A question of an activity, answered in a box of its own."""

    key: Key
    label: Annotated[str, Field(min_length=1, max_length=300)]


class Activity(Strict):
    """A template that the two fill in together (product E12)."""

    key: Key
    label: Line
    introduction: Text = ""
    questions: tuple[Question, ...] = Field(min_length=1, max_length=MOST_QUESTIONS, strict=False)

    @model_validator(mode="after")
    def questions_differ(self) -> Self:
        """Refuse two questions with one key."""
        _once(question.key for question in self.questions)
        return self


class Stage(Strict):
    """A stretch of the road: what it is for, what to do, with which tools."""

    key: Key
    label: Line
    next_step: Line
    description: Text
    to_do: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = Field(
        default=(), max_length=12, strict=False
    )
    tools: tuple[Key, ...] = Field(default=(), max_length=12, strict=False)
    guides: GuideStage = ""
    activities: tuple[Activity, ...] = Field(default=(), max_length=MOST_ACTIVITIES, strict=False)


class Plan(Strict):
    """The whole road. The last stage is the end of the journey (product E9)."""

    stages: tuple[Stage, ...] = Field(min_length=2, max_length=MOST_STAGES, strict=False)
    tips: Text

    @model_validator(mode="after")
    def parts_differ(self) -> Self:
        """Refuse two stages or two activities with one key: addresses are made of them."""
        _once(stage.key for stage in self.stages)
        _once(activity.key for stage in self.stages for activity in stage.activities)
        return self

    @model_validator(mode="after")
    def words_are_known(self) -> Self:
        """Refuse placeholders that stand for nothing."""
        for text in _texts(self.model_dump()):
            if unknown := unknown_placeholders(text):
                raise ValueError(f"{{{{ {unknown[0]} }}}} stands for nothing here")
        return self

    @property
    def last(self) -> Stage:
        """The end of the journey."""
        return self.stages[-1]

    @property
    def on_the_way(self) -> tuple[Stage, ...]:
        """All stages before the end."""
        return self.stages[:-1]

    def stage(self, key: str) -> Stage | None:
        """The stage of this key, if there is one."""
        return next((stage for stage in self.stages if stage.key == key), None)

    def activity(self, key: str) -> tuple[Stage, Activity] | None:
        """The activity of this key with its stage, if there is one."""
        for stage in self.stages:
            for activity in stage.activities:
                if activity.key == key:
                    return stage, activity
        return None

    @property
    def first_conversation(self) -> Stage:
        """The stage that the pair opens with after acceptance (product E1)."""
        return self.stage(FIRST_CONVERSATION) or self.stages[0]


class Policy(StrEnum):
    """Who completes, as the institute has it (product E9)."""

    EACH = "each"
    EITHER = "either"
    MENTOR_WHEN_ASKED = "mentor_when_asked"
    MENTOR = "mentor"
    MENTEE = "mentee"


class Side(StrEnum):
    """One of the two."""

    MENTOR = "mentor"
    MENTEE = "mentee"


class Act(StrEnum):
    """What one can do about a stage, and what the history keeps."""

    MARK = "mark"
    TAKE_BACK = "take_back"


@dataclass(frozen=True)
class Standing:
    """How a stage stands: who has marked it, and whether it counts as completed."""

    mentor: bool = False
    mentee: bool = False
    passed: bool = False

    def marked_by(self, side: Side) -> bool:
        """Whether this one of the two has marked it."""
        return self.mentor if side is Side.MENTOR else self.mentee

    def waits_for(self, side: Side, policy: Policy) -> bool:
        """Whether the other one has marked it and this one has to say so too."""
        other = Side.MENTEE if side is Side.MENTOR else Side.MENTOR
        return (
            not self.passed
            and self.marked_by(other)
            and after(policy, self, side, Act.MARK) is not None
        )


def standing_of(kept: Mapping[str, Any] | None) -> Standing:
    """What a run keeps of a stage, read."""
    kept = kept or {}
    return Standing(mentor="mentor" in kept, mentee="mentee" in kept, passed="passed" in kept)


def after(policy: Policy, standing: Standing, side: Side, act: Act) -> Standing | None:
    """How a stage stands when this one of the two has done this; None where they cannot."""
    if act is Act.TAKE_BACK:
        return _taken_back(policy, standing, side)
    if standing.passed or standing.marked_by(side):
        return None
    marked = Standing(
        mentor=standing.mentor or side is Side.MENTOR,
        mentee=standing.mentee or side is Side.MENTEE,
    )
    match policy:
        case Policy.EACH:
            passed = marked.mentor and marked.mentee
        case Policy.EITHER:
            passed = True
        case Policy.MENTOR_WHEN_ASKED:
            if side is Side.MENTOR and not standing.mentee:
                return None
            passed = side is Side.MENTOR
        case Policy.MENTOR | Policy.MENTEE:
            if side != policy.value:
                return None
            passed = True
    return Standing(marked.mentor, marked.mentee, passed)


def _taken_back(policy: Policy, standing: Standing, side: Side) -> Standing | None:
    """Own marks are one's own; where one of the two completes for both, so does one undo it."""
    own = standing.marked_by(side)
    if not (own or standing.passed or standing.mentor or standing.mentee):
        return None
    match policy:
        case Policy.EACH if own:
            return Standing(
                mentor=standing.mentor and side is not Side.MENTOR,
                mentee=standing.mentee and side is not Side.MENTEE,
            )
        case Policy.EITHER if standing.passed:
            return Standing()
        case Policy.MENTOR_WHEN_ASKED if side is Side.MENTOR or (own and not standing.passed):
            return Standing()
        case Policy.MENTOR | Policy.MENTEE if side == policy.value:
            return Standing()
    return None


def key_from(label: str, taken: set[str]) -> str:
    """A key for something new that is called so, different from those that are taken."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:30]
    stem = stem if stem[:1].isalpha() else f"part_{stem}".rstrip("_")
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key


@dataclass(frozen=True)
class Merge:
    """Two versions of one sheet put together: the answers, and where both wrote."""

    answers: dict[str, str]
    clashes: frozenset[str]


def merge(base: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> Merge:
    """What one wrote laid over what the other saved meanwhile, question by question.

    `base` is what I began with. Where only one of the two changed an answer, theirs is taken;
    where both did and differ, mine stays in `answers` and the question is among the clashes.
    """
    answers: dict[str, str] = {}
    clashes: set[str] = set()
    for key in {*base, *theirs, *mine}:
        began, other, own = base.get(key, ""), theirs.get(key, ""), mine.get(key, "")
        if own in (began, other):
            answers[key] = other
            continue
        answers[key] = own
        if other != began:
            clashes.add(key)
    return Merge(answers, frozenset(clashes))


def _once(keys: Iterator[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{key!r} is here twice")
        seen.add(key)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


DEFAULT: Final = Plan(
    stages=(
        Stage(
            key=FIRST_CONVERSATION,
            label="First conversation",
            next_step="Have your first conversation.",
            description=(
                "Get to know each other, and agree how you want to work together: how often you "
                "meet, how you reach each other in between, and what stays between you."
            ),
            to_do=(
                "Arrange the meeting and allow an hour for it.",
                "Read what the other wrote in the profile.",
                "Say what you hope for, and what you cannot promise.",
                "Agree on the next date before you part.",
            ),
            tools=("meetings", "swot", "gstar", "goals"),
            guides="first_conversation",
        ),
        Stage(
            key="progression",
            label="Progression",
            next_step="Set goals and work on them.",
            description=(
                "Look at where the {{ mentee }} stands, choose one or two goals, and meet "
                "regularly. Between two meetings something is tried; at the next one you look at "
                "what came of it."
            ),
            to_do=(
                "Take stock of strengths and opportunities together.",
                "Write down a goal with a date.",
                "Look at it again after half the time.",
            ),
            tools=("meetings", "swot", "gstar", "goals"),
            guides="progression",
        ),
        Stage(
            key="completion",
            label="Journey completion",
            next_step="Bring your journey to a good end.",
            description=(
                "Every journey deserves an end that both have chosen. Look back, close what is "
                "open, and thank each other."
            ),
            to_do=(
                "Look at each goal: reached, changed or let go.",
                "Tell each other what helped.",
                "Decide whether and how you stay in touch.",
            ),
            tools=("goals",),
            guides="completion",
        ),
    ),
    tips=(
        "- Choose the last meeting as carefully as the first, and say beforehand that it is the "
        "last.\n"
        "- Begin with where you started. Most people forget how far they have come.\n"
        "- Say what helped, with an example. Thanks that name something are remembered.\n"
        "- Speak about what did not work, too: kindly, and once.\n"
        "- Decide what comes after: nothing, a message now and then, or a new journey."
    ),
)
"""The road of an institute that has not drawn its own."""
