"""How far the people of a demo institute have come on their road, and what they filled in."""

from datetime import datetime, timedelta
from random import Random

from core.accounts.models import Person
from core.journey import queries, services
from core.journey.models import Run
from core.journey.rules import Policy, Stage
from core.kernel import clock
from core.mentorships.models import Mentorship
from core.mentorships.states import State

ANSWERS = (
    "Every three weeks, for an hour. On the telephone when one of us is on the road.",
    "By message here. Whoever cannot come says so the day before.",
    "Everything. We may repeat what we learned, never who said it.",
    "That I lead the Monday meeting without a knot in my stomach.",
    "To have an answer to every question. To ask a good one, that I can promise.",
    "The agenda that goes out on Friday. It changed more than we thought.",
    "Sooner to the point, and once in a while out of the office.",
)


def fill(dice: Random, known: dict[str, Person], at: datetime) -> None:
    """Pairs in every stage; something waits for each of the known people."""
    names = {one.pk for one in known.values()}
    active = Mentorship.objects.filter(state=State.ACTIVE).select_related("mentor", "mentee")
    for number, mentorship in enumerate(active.order_by("sent_at", "id")):
        run = queries.run_of(mentorship)
        if run is None:
            continue
        ours = {mentorship.mentor_id, mentorship.mentee_id} & names
        way = run.plan.on_the_way
        done = 1 if ours else number % (len(way) + 1)
        walk(dice, mentorship, at, stages=way[:done])
        if ours and len(way) > done and known["both"].pk not in ours:
            _first_word(mentorship, way[done], at - timedelta(hours=30))


def walk(
    dice: Random,
    mentorship: Mentorship,
    until: datetime,
    *,
    stages: tuple[Stage, ...] | None = None,
) -> None:
    """The two go through these stages, or all before the end, in the time they had."""
    run = queries.run_of(mentorship)
    if run is None:
        return
    stages = run.plan.on_the_way if stages is None else stages
    begun = mentorship.answered_at or mentorship.sent_at
    for number, stage in enumerate(stages, start=1):
        with clock.frozen(begun + (until - begun) * number / (len(stages) + 1)):
            _sheets(dice, run, stage)
            _complete(mentorship, stage)


def _complete(mentorship: Mentorship, stage: Stage) -> None:
    mentor, mentee = mentorship.mentor, mentorship.mentee
    match queries.policy():
        case Policy.EACH | Policy.MENTOR_WHEN_ASKED:
            _mark(mentorship, stage, mentee)
            _mark(mentorship, stage, mentor)
        case Policy.MENTOR:
            _mark(mentorship, stage, mentor)
        case _:
            _mark(mentorship, stage, mentee)


def _first_word(mentorship: Mentorship, stage: Stage, at: datetime) -> None:
    """One of the two has marked a stage; it waits for the other."""
    if queries.policy() in (Policy.EACH, Policy.MENTOR_WHEN_ASKED):
        with clock.frozen(at):
            _mark(mentorship, stage, mentorship.mentee)


def _mark(mentorship: Mentorship, stage: Stage, by: Person) -> None:
    run = queries.run_of(mentorship)
    if run is not None:
        services.mark(run, stage.key, by=by)


def _sheets(dice: Random, run: Run, stage: Stage) -> None:
    """The first activity of the stage, filled in by both."""
    for activity in stage.activities[:1]:
        two = (run.mentorship.mentee, run.mentorship.mentor)
        written: dict[str, str] = {}
        for number, question in enumerate(activity.questions):
            written[question.key] = ANSWERS[number % len(ANSWERS)]
            if number == 0 or dice.random() < 0.5:
                services.fill_in(
                    run, activity.key, written, based_on=_number(run, activity.key),
                    by=two[number % 2],
                )  # fmt: skip


def _number(run: Run, activity: str) -> int:
    sheet = queries.sheet_of(run, activity)
    return sheet.number if sheet else 0
