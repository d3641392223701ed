"""Two people set out, mark stages, and arrive (product E8, E9)."""

from django.db import transaction

from core.accounts.models import Person
from core.journey import errors, permissions, queries, rules
from core.journey.events import StageCompleted, StageMarked
from core.journey.models import Outcome, Run, StageStep
from core.journey.rules import Act, Side, Stage, Standing
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.events import tell
from core.mentorships.models import Mentorship
from core.programme.models import Edition
from core.programme.services import publish


def begin(mentorship: Mentorship) -> Run:
    """Set out on the road in force; the journey that runs already comes back as it is.

    Call it inside a transaction that holds the relationship.
    """
    running = Run.objects.filter(mentorship=mentorship, over_at=None).first()
    if running is not None:
        return running
    earlier = queries.journeys_of(mentorship)
    again = any(run.mentorship_id == mentorship.pk for run in earlier)
    return Run.objects.create(
        mentorship=mentorship,
        edition=_edition(),
        cycle=len(earlier) + 1,
        begun_at=(None if again else mentorship.answered_at) or now(),
    )


def close(mentorship: Mentorship, outcome: Outcome) -> None:
    """The relationship is over, and the journey with it. It stays to be read."""
    begin(mentorship)
    Run.objects.filter(mentorship=mentorship, over_at=None).update(over_at=now(), outcome=outcome)


def mark(run: Run, stage: str, *, by: Person) -> Standing:
    """Say that a stage is completed, or ask the other to say so (product E8).

    Errors: NotTheirs, NotWorkingTogether, NotThisWay. Nothing is written then.
    """
    return _act(run, stage, Act.MARK, by)


def take_back(run: Run, stage: str, *, by: Person) -> Standing:
    """Take a mark back, so that the stage is open again.

    Errors: NotTheirs, NotWorkingTogether, NotThisWay. Nothing is written then.
    """
    return _act(run, stage, Act.TAKE_BACK, by)


def hold(run: Run, by: Person) -> Run:
    """The journey as it stands now, held for a change by this person; begun if it was not yet.

    Errors: NotTheirs, NotWorkingTogether.
    """
    pair = Mentorship.objects.select_for_update(of=("self",)).select_related("mentor", "mentee")
    mentorship = pair.get(pk=run.mentorship_id)
    if permissions.side_of(by, mentorship) is None:
        raise errors.NotTheirs("There is nothing here that you can do.")
    if not mentorship.is_active or run.over_at is not None:
        raise errors.NotWorkingTogether(
            "This journey is over. It can be read, and nothing is changed any more."
        )
    held = begin(mentorship) if run._state.adding else Run.objects.get(pk=run.pk)
    held.mentorship = mentorship
    if not permissions.may_work(by, held):
        raise errors.NotWorkingTogether("This journey is over. It can only be read.")
    return held


def _act(run: Run, key: str, act: Act, by: Person) -> Standing:
    with transaction.atomic():
        run = hold(run, by)
        stage = run.plan.stage(key)
        side = permissions.side_of(by, run.mentorship)
        if side is None or stage is None or stage is run.plan.last:
            raise errors.NotTheirs("There is nothing here that you can do.")
        before = run.standing(key)
        after = rules.after(queries.policy(), before, side, act)
        if after is None:
            raise errors.NotThisWay(_refusal(stage, before, act))
        _keep(run, stage, side, after, by, act)
        if act is Act.MARK:
            happened = StageCompleted if after.passed else StageMarked
            tell(happened(run_id=run.pk, stage=key, by_id=by.pk))
    return after


def _keep(run: Run, stage: Stage, side: Side, after: Standing, by: Person, act: Act) -> None:
    at = now()
    kept = run.stages.get(stage.key, {})
    stands = {"mentor": after.mentor, "mentee": after.mentee, "passed": after.passed}
    run.stages = {
        **run.stages,
        stage.key: {
            name: kept.get(name, at.isoformat()) for name, is_so in stands.items() if is_so
        },
    }
    run.save(update_fields=["stages"])
    StageStep.objects.create(
        run=run, stage=stage.key, act=act, completed=after.passed, by=by, at=at
    )
    audit.record(
        f"stage {'marked' if act is Act.MARK else 'taken back'}",
        thing=run,
        by=by,
        stage=stage.key,
        role=side.value,
        completed=after.passed,
    )


def _refusal(stage: Stage, standing: Standing, act: Act) -> str:
    if act is Act.MARK and standing.passed:
        return f"“{stage.label}” is completed already."
    if act is Act.MARK:
        return f"You cannot mark “{stage.label}” at present."
    return f"There is no mark on “{stage.label}” that you could take back."


def _edition() -> Edition:
    """The road in force; where the institute has drawn none, the road of every institute."""
    document = rules.DEFAULT.model_dump(mode="json")
    return queries.edition_in_force() or publish(rules.KIND, rules.KEY, document)
