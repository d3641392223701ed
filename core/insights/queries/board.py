"""The figures of the overview: read from the tally, never from the members themselves."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q, Sum

from core.feedback.rules.survey import DEFAULTS, STEPS, Moment, Survey
from core.insights.models import Tally
from core.insights.queries.segments import Question
from core.insights.rules import (
    KEPT_AFTER,
    PRESENT,
    Counts,
    Number,
    Period,
    Reached,
    Side,
    Waits,
    funnel,
    share,
    spread,
)
from core.mentorships.rules import AREA_FIELD
from core.programme.queries import editions, in_our_words, words

MOMENTS: dict[Moment, str] = {"midpoint": "On the way", "completion": "At the end"}


@dataclass(frozen=True)
class Figure:
    """A number with what it was a year before; `key` names the page with the rows behind it."""

    key: str
    label: str
    number: Number
    change: str = ""


@dataclass(frozen=True)
class Topic:
    """An area of support: who wants it, who offers it, who asked for it."""

    key: str
    label: str
    mentees: Number
    mentors: Number
    open: Number
    asked: Number

    @property
    def is_missing(self) -> bool:
        """Whether somebody wants it and nobody at all offers it."""
        return self._is_wanted and not self.mentors.hidden and not self.mentors.count

    @property
    def is_full(self) -> bool:
        """Whether somebody wants it and all who offer it are full."""
        is_known = not (self.mentors.hidden or self.open.hidden)
        return self._is_wanted and is_known and self.mentors.count > 0 and not self.open.count

    @property
    def _is_wanted(self) -> bool:
        return not self.mentees.hidden and self.mentees.count > 0


@dataclass(frozen=True)
class Kept:
    """Of those who joined so many days ago or earlier, how many signed in that much later."""

    days: int
    due: Number
    kept: Number

    @property
    def slug(self) -> str:
        """The end of the keys of its listings."""
        return str(self.days)

    @property
    def share(self) -> int | None:
        """Per cent."""
        return share(self.kept, self.due)


@dataclass(frozen=True)
class Scale:
    """A question of a survey that is answered from 1 to 5."""

    label: str
    count: int
    mean: float


@dataclass(frozen=True)
class Feedback:
    """A survey in short."""

    moment: Moment
    label: str
    asked: int
    answered: int
    scales: list[Scale] = field(default_factory=list)


@dataclass(frozen=True)
class Board:
    """Everything below the graph."""

    period: Period
    segment: str
    figures: list[Figure]
    mentees: list[Reached]
    mentors: list[Reached]
    topics: list[Topic]
    answer: Waits
    match: Waits
    kept: list[Kept]
    over: Number
    again: Number
    feedback: list[Feedback]

    @property
    def narrowed(self) -> bool:
        """Whether a segment is chosen, so that small numbers are not shown."""
        return bool(self.segment)

    @property
    def again_share(self) -> int | None:
        """Per cent of those whose mentoring came to an end who are in a mentoring again."""
        return share(self.again, self.over)


def board(period: Period, segment: str, questions: list[Question]) -> Board:
    """All figures of a period, of everybody or of a segment. Three statements."""
    counts, before, present = _read(period, segment)
    narrowed = bool(segment)
    return Board(
        period=period,
        segment=segment,
        figures=_figures(counts, before, present, narrowed=narrowed),
        mentees=funnel(Side.MENTEE, counts[Side.MENTEE], narrowed=narrowed),
        mentors=funnel(Side.MENTOR, counts[Side.MENTOR], narrowed=narrowed),
        topics=_topics(counts, present, questions, narrowed=narrowed),
        answer=spread(counts["answer"], narrowed=narrowed),
        match=spread(counts["match"], narrowed=narrowed),
        kept=[
            Kept(
                days,
                Number.of(counts["due"].get(str(days), 0), narrowed=narrowed),
                Number.of(counts["kept"].get(str(days), 0), narrowed=narrowed),
            )
            for days in KEPT_AFTER
        ],
        over=Number.of(counts["over"].get("", 0), narrowed=narrowed),
        again=Number.of(counts["again"].get("", 0), narrowed=narrowed),
        # Answers carry no names and so belong to no segment.
        feedback=[] if narrowed else _feedback(counts),
    )


def _read(period: Period, segment: str) -> tuple[Counts, Counts, Counts]:
    """Sums by measure and key: of the period, of the year before, and of what holds now."""
    earlier = period.year_before()
    within = Q(month__gte=period.first, month__lt=period.until)
    rows = (
        Tally.objects.filter(
            within | Q(month__gte=earlier.first, month__lt=earlier.until) | Q(month=PRESENT),
            segment=segment,
        )
        .values_list("measure", "key")
        .annotate(
            n=Sum("count", filter=within, default=0),
            before=Sum(
                "count",
                filter=Q(month__gte=earlier.first, month__lt=earlier.until),
                default=0,
            ),
            now=Sum("count", filter=Q(month=PRESENT), default=0),
        )
        .order_by()
    )
    found: tuple[dict[str, dict[str, int]], ...] = tuple(defaultdict(dict) for _ in range(3))
    for measure, key, *numbers in rows:
        for counts, number in zip(found, numbers, strict=True):
            if number:
                counts[measure][key] = number
    return found[0], found[1], found[2]


def _figures(counts: Counts, before: Counts, present: Counts, *, narrowed: bool) -> list[Figure]:
    spoken = words()
    asks = _capital(spoken["request"].plural)

    def number(source: Counts, measure: str, key: str = "") -> Number:
        return Number.of(source[measure].get(key, 0), narrowed=narrowed)

    def flow(key: str, label: str, measure: str, part: str = "") -> Figure:
        now_, then = number(counts, measure, part), number(before, measure, part)
        return Figure(key, label, now_, _against(now_, then))

    members, complete = number(present, "members"), number(present, "profiles")
    ready = share(complete, members)
    return [
        Figure("members", "Members today", members),
        Figure(
            "profiles",
            "Complete profiles today",
            complete,
            "" if ready is None else f"{ready} % of members",
        ),
        Figure("active", "Active relationships today", number(present, "active")),
        flow("joined", "Joined", "member", "registered"),
        flow("searched", f"Searched for {spoken['mentor'].form('article')}", "searched"),
        flow("sent", f"{asks} sent", "sent"),
        flow("matches", "Matches", "matches"),
        flow("completions", "Completions", "completions"),
    ]


def _against(number: Number, before: Number) -> str:
    if number.hidden or before.hidden:
        return ""
    if not before.count:
        return "none in these months a year before" if number.count else ""
    return f"{before.count:,} in these months a year before"


def _topics(
    counts: Counts, present: Counts, questions: list[Question], *, narrowed: bool
) -> list[Topic]:
    """The areas of support in the institute's order; those that it took out of use are left out."""
    asked = next((one for one in questions if one.key == AREA_FIELD), None)
    if asked is None:
        return []

    def number(source: Counts, measure: str, key: str) -> Number:
        return Number.of(source[measure].get(key, 0), narrowed=narrowed)

    return [
        Topic(
            key,
            label,
            mentees=number(present, "topic_mentees", key),
            mentors=number(present, "topic_mentors", key),
            open=number(present, "topic_open", key),
            asked=number(counts, "topic_asked", key),
        )
        for key, label in asked.answers
    ]


def _feedback(counts: Counts) -> list[Feedback]:
    standing = editions("survey")
    found = []
    for moment, label in MOMENTS.items():
        survey = DEFAULTS[moment]
        if moment in standing:
            survey = Survey.model_validate(standing[moment].document)
        found.append(
            Feedback(
                moment,
                label,
                asked=counts["surveyed"].get(moment, 0),
                answered=counts["replied"].get(moment, 0),
                scales=[
                    scale
                    for question in survey.questions
                    if question.kind == "scale"
                    and (
                        scale := _scale(in_our_words(question.label), moment, question.key, counts)
                    )
                ],
            )
        )
    return found


def _scale(label: str, moment: str, question: str, counts: Counts) -> Scale | None:
    given = {step: counts["scale"].get(f"{moment}:{question}:{step}", 0) for step in STEPS}
    total = sum(given.values())
    if not total:
        return None
    return Scale(label, total, round(sum(step * n for step, n in given.items()) / total, 1))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
