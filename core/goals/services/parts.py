"""Milestones and reviews of a goal (product E7)."""

from datetime import date
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from core.accounts.models import Person
from core.goals import errors, rules
from core.goals.models import Goal, Milestone, Review
from core.goals.services.standing import changeable
from core.kernel.clock import now


@transaction.atomic
def add_milestone(
    goal: Goal,
    *,
    by: Person,
    text: str,
    due_on: date | None = None,
    form_key: UUID | None = None,
) -> Milestone:
    """Add a step at the end; the same form sent twice adds one.

    Errors: NotTheirs, NotWorkingTogether, TooMany.
    """
    standing = changeable(goal, by)
    if form_key and (step := standing.milestones.filter(form_key=form_key).first()):
        return step
    if standing.milestones.count() >= rules.MILESTONES:
        raise errors.TooMany(f"A goal has {rules.MILESTONES} milestones at most.")
    last = standing.milestones.aggregate(last=Max("position"))["last"] or 0
    return standing.milestones.create(
        text=text, due_on=due_on, position=last + 1, form_key=form_key
    )


@transaction.atomic
def change_milestone(
    milestone: Milestone, *, by: Person, text: str, due_on: date | None
) -> Milestone:
    """Change the words or the day of a step. Errors: NotTheirs, NotWorkingTogether."""
    changeable(milestone.goal, by)
    Milestone.objects.filter(pk=milestone.pk).update(text=text, due_on=due_on)
    return milestone


@transaction.atomic
def tick(milestone: Milestone, *, by: Person, done: bool) -> None:
    """Tick a step, or take the tick away. Errors: NotTheirs, NotWorkingTogether."""
    changeable(milestone.goal, by)
    rows = Milestone.objects.filter(pk=milestone.pk, done_at__isnull=done)
    rows.update(done_at=now() if done else None)


@transaction.atomic
def move(milestone: Milestone, *, by: Person, to: Literal["up", "down"]) -> None:
    """Let a step change places with its neighbour. Errors: NotTheirs, NotWorkingTogether."""
    steps = list(changeable(milestone.goal, by).milestones.all())
    at = next((at for at, step in enumerate(steps) if step.pk == milestone.pk), None)
    if at is None:
        return
    there = at - 1 if to == "up" else at + 1
    if 0 <= there < len(steps):
        steps[at], steps[there] = steps[there], steps[at]
        for position, step in enumerate(steps, start=1):
            step.position = position
        Milestone.objects.bulk_update(steps, ["position"])


@transaction.atomic
def remove_milestone(milestone: Milestone, *, by: Person) -> None:
    """Take a step away. Errors: NotTheirs, NotWorkingTogether."""
    changeable(milestone.goal, by)
    Milestone.objects.filter(pk=milestone.pk).delete()


@transaction.atomic
def write_review(goal: Goal, *, by: Person, body: str, form_key: UUID | None = None) -> Review:
    """Note how it goes; the same form sent twice makes one note.

    Errors: NotTheirs, NotWorkingTogether, TooMany.
    """
    standing = changeable(goal, by)
    if form_key and (note := standing.reviews.filter(form_key=form_key).first()):
        return note
    if standing.reviews.count() >= rules.REVIEWS:
        raise errors.TooMany(f"A goal has {rules.REVIEWS} notes at most.")
    return standing.reviews.create(body=body, form_key=form_key)


@transaction.atomic
def remove_review(review: Review, *, by: Person) -> None:
    """Take a note away. Errors: NotTheirs, NotWorkingTogether."""
    changeable(review.goal, by)
    Review.objects.filter(pk=review.pk).delete()
