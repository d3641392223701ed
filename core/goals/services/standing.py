"""A goal is written down, changed, completed, reopened, deleted, brought back (E4 to E7)."""

from datetime import date
from uuid import UUID

from django.db import transaction

from core.accounts.models import Person
from core.goals import errors, permissions, rules
from core.goals.events import (
    GoalAdded,
    GoalCompleted,
    GoalDeleted,
    GoalEvent,
    GoalReopened,
    GoalRestored,
)
from core.goals.models import Goal
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.events import tell
from core.mentorships.models import Mentorship

AT_ONCE = 500
_OVER = "Goals are for people who work together at present. What stands here stays readable."
_NOT_THEIRS = "There is nothing here that you can do."


@transaction.atomic
def add(
    mentorship: Mentorship,
    *,
    by: Person,
    label: str,
    details: str = "",
    expected_on: date | None = None,
    form_key: UUID | None = None,
) -> Goal:
    """Write down a goal of one's own; the same form sent twice makes one.

    Errors: NotTheirs for somebody outside, NotWorkingTogether, TooMany.
    """
    two = Mentorship.objects.select_for_update(of=("self",)).get(pk=mentorship.pk)
    if by.pk not in (two.mentor_id, two.mentee_id):
        raise errors.NotTheirs(_NOT_THEIRS)
    if form_key and (goal := Goal.objects.filter(owner=by, form_key=form_key).first()):
        return goal
    if not permissions.may_add(by, two):
        raise errors.NotWorkingTogether(_OVER)
    if Goal.objects.filter(mentorship=two, owner=by).count() >= rules.GOALS:
        raise errors.TooMany(f"You have {rules.GOALS} goals here. Delete one to add another.")
    at = now()
    goal = Goal.objects.create(
        mentorship=two, owner=by, label=label, details=details, expected_on=expected_on,
        dated_at=at if expected_on else None, form_key=form_key,
    )  # fmt: skip
    _note("goal.added", GoalAdded, goal, by)
    return goal


@transaction.atomic
def change(
    goal: Goal, *, by: Person, label: str, details: str, expected_on: date | None, seen: int
) -> Goal:
    """Change label, details and date; `seen` is the version that the form was drawn from.

    Errors: NotTheirs, NotWorkingTogether, ChangedMeanwhile.
    """
    standing = held(goal, by)
    if not permissions.may_change(by, standing):
        raise errors.NotWorkingTogether(_why_not(standing))
    wanted = (label, details, expected_on)
    if wanted == (standing.label, standing.details, standing.expected_on):
        return standing
    if standing.version != seen:
        raise errors.ChangedMeanwhile(
            "You changed this goal in another window after you opened this one. Your text still "
            "stands in the form: compare it with the goal, then save once more."
        )
    at = now()
    if expected_on != standing.expected_on:
        standing.dated_at = at if expected_on else None
    standing.label, standing.details, standing.expected_on = wanted
    standing.version += 1
    standing.changed_at = at
    standing.save()
    return standing


@transaction.atomic
def complete(goal: Goal, *, by: Person, outcome: str = "") -> Goal:
    """The goal is reached; a second click changes nothing. Errors: NotTheirs."""
    standing = held(goal, by)
    if not permissions.may_complete(by, standing):
        return standing
    at = now()
    standing.completed_at, standing.changed_at = at, at
    standing.outcome = outcome
    standing.save()
    _note("goal.completed", GoalCompleted, standing, by)
    return standing


@transaction.atomic
def reopen(goal: Goal, *, by: Person) -> Goal:
    """Work on a reached goal again. Errors: NotTheirs, NotWorkingTogether."""
    standing = held(goal, by)
    if not standing.is_completed:
        return standing
    if not permissions.may_reopen(by, standing):
        raise errors.NotWorkingTogether(_OVER)
    standing.completed_at, standing.changed_at = None, now()
    standing.save()
    _note("goal.reopened", GoalReopened, standing, by)
    return standing


@transaction.atomic
def delete(goal: Goal, *, by: Person) -> Goal:
    """Take a goal away; for some days it can be brought back. Errors: NotTheirs."""
    standing = held(goal, by)
    if standing.is_deleted:
        return standing
    standing.deleted_at = now()
    standing.save(update_fields=["deleted_at"])
    _note("goal.deleted", GoalDeleted, standing, by)
    return standing


@transaction.atomic
def restore(goal: Goal, *, by: Person) -> Goal:
    """Bring a deleted goal back as it was. Errors: NotTheirs."""
    standing = held(goal, by)
    if not standing.is_deleted:
        return standing
    standing.deleted_at = None
    standing.save(update_fields=["deleted_at"])
    _note("goal.restored", GoalRestored, standing, by)
    return standing


def sweep() -> int:
    """Remove for good what was deleted a month ago; returns how many goals."""
    with transaction.atomic():
        old = Goal.objects.filter(deleted_at__lt=now() - rules.KEPT)
        chosen = list(
            old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE]
        )
        Goal.objects.filter(pk__in=chosen).delete()
    return len(chosen)


def held(goal: Goal, by: Person) -> Goal:
    """The row under lock, for its owner alone. Errors: NotTheirs."""
    standing = (
        Goal.objects.select_for_update(of=("self",))
        .select_related("mentorship", "owner")
        .filter(pk=goal.pk)
        .first()
    )
    if standing is None or not permissions.is_owner(by, standing):
        raise errors.NotTheirs(_NOT_THEIRS)
    return standing


def changeable(goal: Goal, by: Person) -> Goal:
    """As `held`, for what changes the goal. Errors: NotTheirs, NotWorkingTogether."""
    standing = held(goal, by)
    if not permissions.may_change(by, standing):
        raise errors.NotWorkingTogether(_why_not(standing))
    return standing


def _why_not(goal: Goal) -> str:
    if goal.is_deleted:
        return "This goal is deleted. Bring it back first."
    if not goal.mentorship.is_active:
        return _OVER
    return "This goal is completed. Reopen it first."


def _note(verb: str, kind: type[GoalEvent], goal: Goal, by: Person) -> None:
    audit.record(verb, thing=goal, by=by)
    tell(kind(goal_id=goal.pk, mentorship_id=goal.mentorship_id, by_id=by.pk))
