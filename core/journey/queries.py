"""Reading journeys: which road, how far, what was filled in."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from core.accounts.models import Person
from core.journey.models import PlanDraft, Run, Sheet, SheetVersion, StageStep
from core.journey.rules import DEFAULT, KEY, KIND, Plan, Policy, Side, Stage, Standing
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Edition
from core.programme.queries import edition, policies


def edition_in_force() -> Edition | None:
    """The road of those who set out now; None where the institute has drawn none."""
    return edition(KIND, KEY)


def plan_in_force() -> Plan:
    """The same as a plan, or the road of every institute."""
    found = edition_in_force()
    return Plan.model_validate(found.document) if found else DEFAULT


def policy() -> Policy:
    """Who completes here (product E9)."""
    return Policy(policies().who_completes)


def runs_of(mentorship: Mentorship) -> list[Run]:
    """The journeys of this relationship, first one first."""
    rows = list(Run.objects.filter(mentorship=mentorship).select_related("edition"))
    for row in rows:
        row.mentorship = mentorship
    return rows


def journeys_of(mentorship: Mentorship) -> list[Run]:
    """All journeys of the two in this direction, also of earlier relationships."""
    return list(
        Run.objects.filter(
            mentorship__mentor_id=mentorship.mentor_id, mentorship__mentee_id=mentorship.mentee_id
        ).select_related("mentorship")
    )


def run_of(mentorship: Mentorship, cycle: int | None = None) -> Run | None:
    """The present or last journey of this relationship, or the one of that number.

    Two who work together and have marked nothing yet get one that is not kept yet.
    """
    runs = runs_of(mentorship)
    if cycle is not None:
        return next((run for run in runs if run.cycle == cycle), None)
    if mentorship.is_active and (not runs or runs[-1].over_at is not None):
        return not_begun(mentorship, edition_in_force())
    return runs[-1] if runs else None


def not_begun(mentorship: Mentorship, found: Edition | None) -> Run:
    """A journey as it would begin now, not written down."""
    found = found or Edition(kind=KIND, key=KEY, number=0, document=DEFAULT.model_dump(mode="json"))
    return Run(
        mentorship=mentorship, edition=found, begun_at=mentorship.answered_at or mentorship.sent_at
    )


def present_runs(person: Person) -> dict[UUID, Run]:
    """The journeys that this person is on, by relationship, in one query."""
    own = Q(mentorship__mentor=person) | Q(mentorship__mentee=person)
    rows = Run.objects.filter(own, over_at=None).select_related("edition")
    return {row.mentorship_id: row for row in rows}


@dataclass(frozen=True)
class Place:
    """A stage on the road of two people, as one of them sees it."""

    stage: Stage
    number: int
    standing: Standing
    is_last: bool
    is_now: bool
    waits_for_me: bool
    waits_for_partner: bool


def road(run: Run, side: Side, who_completes: Policy) -> list[Place]:
    """Every stage and how it stands; exactly one is where the two are now, unless it is over."""
    standings = [run.standing(stage.key) for stage in run.plan.on_the_way]
    standings.append(_end_of(run))
    now_at = next((at for at, one in enumerate(standings) if not one.passed), len(standings))
    other = Side.MENTEE if side is Side.MENTOR else Side.MENTOR
    running = run.over_at is None
    return [
        Place(
            stage=stage,
            number=at + 1,
            standing=standing,
            is_last=stage is run.plan.last,
            is_now=running and at == now_at,
            waits_for_me=running and standing.waits_for(side, who_completes),
            waits_for_partner=running and standing.waits_for(other, who_completes),
        )
        for at, (stage, standing) in enumerate(zip(run.plan.stages, standings, strict=True))
    ]


def _end_of(run: Run) -> Standing:
    """How the end stands: the lifecycle knows."""
    pair = run.mentorship
    if run.over_at is not None:
        return Standing(passed=run.outcome == State.COMPLETED)
    return Standing(mentor=pair.mentor_done_at is not None, mentee=pair.mentee_done_at is not None)


def history(run: Run) -> list[StageStep]:
    """Who marked what when, oldest first."""
    return [] if run._state.adding else list(run.steps.select_related("by"))


def sheet_of(run: Run, activity: str) -> Sheet | None:
    """An activity as the two have filled it in so far."""
    if run._state.adding:
        return None
    return run.sheets.filter(activity=activity).select_related("changed_by").first()


def sheets_of(run: Run) -> dict[str, Sheet]:
    """Everything that the two have filled in on this journey, by activity."""
    if run._state.adding:
        return {}
    return {row.activity: row for row in run.sheets.select_related("changed_by")}


def versions_of(sheet: Sheet) -> list[SheetVersion]:
    """The versions of a sheet, latest first, without their words."""
    rows = sheet.versions.select_related("by").defer("answers")
    return list(rows.order_by("-number"))


def draft() -> PlanDraft | None:
    """The road that staff are drawing, if they are."""
    return PlanDraft.objects.select_related("changed_by").first()


@dataclass(frozen=True)
class Version:
    """A published road, and how many pairs are or were on it."""

    edition: Edition
    running: int
    over: int


def versions() -> list[Version]:
    """Every road that was published, latest first."""
    counted = {
        row["edition_id"]: (row["running"], row["over"])
        for row in Run.objects.values("edition_id")
        .annotate(
            running=Count("id", filter=Q(over_at=None)),
            over=Count("id", filter=Q(over_at__isnull=False)),
        )
        .order_by()
    }
    found: Iterable[Edition] = Edition.objects.filter(kind=KIND, key=KEY).order_by("-number")
    return [Version(one, *counted.get(one.pk, (0, 0))) for one in found]
