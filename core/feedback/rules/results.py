"""What may be shown of the answers, so that nobody can be found in them (product E10).

Answers to a question come into the results in groups: those of one version and one role, in the
order in which they were given, as soon as FEWEST different people stand in a group. A group is
shown whole or not at all, and stays the same for ever. Whatever staff choose to see, and however
they subtract one view from another or today's from yesterday's, the smallest thing they can get
hold of is a group.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.feedback.rules.survey import CONCERN, STEPS, Kind, Question, Survey

FEWEST: Final = 5
CHANGE_WITHIN: Final = timedelta(days=7)
"""So long an answer can be changed by whoever gave it; until then it counts nowhere."""


@dataclass(frozen=True)
class Given:
    """One person's answers to one version, as the results need them."""

    reply: UUID
    respondent: UUID
    version: int
    role: str
    at: datetime
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """What staff want to see; what is None is not narrowed."""

    role: str | None = None
    version: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Group:
    """Answers that are shown together. `closed_at` is when the last of them was given."""

    version: int
    role: str
    closed_at: datetime
    values: tuple[tuple[UUID, Any], ...]

    def is_in(self, choice: Choice) -> bool:
        """Whether the group belongs to what staff want to see."""
        return (
            choice.role in (None, self.role)
            and choice.version in (None, self.version)
            and (choice.since is None or self.closed_at >= choice.since)
            and (choice.until is None or self.closed_at < choice.until)
        )


@dataclass(frozen=True)
class Bar:
    """How often one answer was given; `share` is per cent of those who answered."""

    label: str
    count: int
    share: int


@dataclass(frozen=True)
class Result:
    """A question with what may be shown of its answers."""

    key: str
    kind: Kind
    label: str
    audience: str
    count: int
    bars: tuple[Bar, ...] = ()
    mean: float | None = None
    texts: tuple[str, ...] = ()
    over_versions: tuple[tuple[int, int, float], ...] = field(default=())
    """(version, answers, mean) of a scale, where several versions can be compared."""


def groups(given: Iterable[Given], question: str) -> list[Group]:
    """The answers to a question that may be shown."""
    waiting: dict[tuple[int, str], list[Given]] = defaultdict(list)
    made = []
    for one in sorted(given, key=lambda one: (one.at, one.reply)):
        if one.answers.get(question) in (None, "", []):
            continue
        place = (one.version, one.role)
        waiting[place].append(one)
        if len({each.respondent for each in waiting[place]}) >= FEWEST:
            values = tuple((each.reply, each.answers[question]) for each in waiting.pop(place))
            made.append(Group(*place, closed_at=one.at, values=values))
    return made


def questions_of(surveys: Mapping[int, Survey], version: int | None) -> list[Question]:
    """The questions of one version, or of all: the newest words, with options of earlier ones."""
    if version is not None:
        return list(surveys[version].questions) if version in surveys else []
    found: dict[tuple[str, str], Question] = {}
    for number in sorted(surveys, reverse=True):
        for one in surveys[number].questions:
            newer = found.get((one.key, one.kind))
            if newer is None:
                found[one.key, one.kind] = one
                continue
            known = {option.key for option in newer.options}
            gone = tuple(option for option in one.options if option.key not in known)
            found[one.key, one.kind] = newer.model_copy(update={"options": newer.options + gone})
    return list(found.values())


def results(
    given: Sequence[Given], surveys: Mapping[int, Survey], choice: Choice, concern: str
) -> list[Result]:
    """Every question with what may be shown; `concern` is how what went wrong was asked."""
    asked = questions_of(surveys, choice.version)
    found = []
    for one in asked:
        kinds = {
            number
            for number, survey in surveys.items()
            if any(each.key == one.key and each.kind == one.kind for each in survey.questions)
        }
        found.append(_result(one, [each for each in given if each.version in kinds], choice))
    last = Question(key="q", kind="text", label=concern)
    found.append(_result(last.model_copy(update={"key": CONCERN}), given, choice))
    return found


def _result(question: Question, given: Sequence[Given], choice: Choice) -> Result:
    shown = [group for group in groups(given, question.key) if group.is_in(choice)]
    values = [value for group in shown for value in group.values]
    plain = [value for _, value in values]
    mean = _mean(plain) if question.kind == "scale" else None
    return Result(
        key=question.key,
        kind=question.kind,
        label=question.label,
        audience=question.audience,
        count=len(values),
        bars=_bars(question, plain),
        mean=mean,
        texts=_shuffled(question.key, values) if question.kind == "text" else (),
        over_versions=_over_versions(shown) if question.kind == "scale" else (),
    )


def _bars(question: Question, values: Sequence[Any]) -> tuple[Bar, ...]:
    if question.kind == "text" or not values:
        return ()
    counted: Counter[Any] = Counter()
    for value in values:
        counted.update(value if isinstance(value, list) else [value])
    labels: dict[int | str, str] = {step: _step(question, step) for step in STEPS}
    if question.kind != "scale":
        labels = {option.key: option.label for option in question.options}
    return tuple(
        Bar(label, counted[key], round(100 * counted[key] / len(values)))
        for key, label in labels.items()
    )


def _step(question: Question, step: int) -> str:
    words = {STEPS[0]: question.low, STEPS[-1]: question.high}.get(step, "")
    return f"{step}, {words}" if words else str(step)


def _mean(values: Sequence[Any]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None


def _over_versions(shown: Sequence[Group]) -> tuple[tuple[int, int, float], ...]:
    by_version: dict[int, list[Any]] = defaultdict(list)
    for group in shown:
        by_version[group.version] += [value for _, value in group.values]
    if len(by_version) < 2:
        return ()
    return tuple(
        (number, len(values), _mean(values) or 0.0) for number, values in sorted(by_version.items())
    )


def _shuffled(question: str, values: Iterable[tuple[UUID, Any]]) -> tuple[str, ...]:
    """Texts in an order that says nothing of time, nor of what else the same person wrote."""

    def place(value: tuple[UUID, Any]) -> str:
        return hashlib.sha256(f"{question}:{value[0]}".encode()).hexdigest()

    return tuple(str(text) for _, text in sorted(values, key=place))
