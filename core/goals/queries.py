"""Reads of goals."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Length

from core.accounts.models import Person
from core.goals.models import Goal, Milestone, Review
from core.goals.rules import SMART, Smart
from core.kernel.clock import now
from core.mentorships.models import Mentorship
from core.programme.queries import edition


def smart() -> Smart:
    """The institute's words for the five letters; the usual ones where it has none of its own."""
    standing = edition(SMART, SMART)
    return Smart.model_validate(standing.document) if standing else Smart()


def today_of(person: Person) -> date:
    """The day that it is where this person lives."""
    try:
        zone = ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        zone = ZoneInfo("UTC")
    return now().astimezone(zone).date()


def of_person(person: Person, goal_id: UUID) -> Goal | None:
    """A goal of one of this person's relationships, with both people; a deleted one only for its
    owner. Whether they may see it is asked of `permissions`."""
    found = (
        Goal.objects.select_related("owner", "mentorship__mentor", "mentorship__mentee")
        .filter(pk=goal_id)
        .filter(Q(mentorship__mentor=person) | Q(mentorship__mentee=person))
    )
    return found.filter(Q(deleted_at=None) | Q(owner=person)).first()


def milestone_of(owner: Person, milestone_id: UUID) -> Milestone | None:
    """A step of a goal that is this person's own."""
    return (
        Milestone.objects.select_related("goal__mentorship", "goal__owner")
        .filter(pk=milestone_id, goal__owner=owner, goal__deleted_at=None)
        .first()
    )


def review_of(owner: Person, review_id: UUID) -> Review | None:
    """A note on a goal that is this person's own."""
    return (
        Review.objects.select_related("goal__mentorship", "goal__owner")
        .filter(pk=review_id, goal__owner=owner, goal__deleted_at=None)
        .first()
    )


def listed(mentorship: Mentorship, reader: Person) -> QuerySet[Goal]:
    """The goals of both, the reader's own first; open ones by date, then those without one, then
    completed ones. Each carries `steps` and `steps_done`."""
    return (
        Goal.objects.filter(mentorship=mentorship, deleted_at=None)
        .select_related("owner")
        .annotate(
            theirs=Case(
                When(owner=reader, then=Value(0)), default=Value(1), output_field=IntegerField()
            ),
            reached=Case(
                When(completed_at=None, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
            steps=Count("milestones"),
            steps_done=Count("milestones", filter=Q(milestones__done_at__isnull=False)),
        )
        .order_by("theirs", "reached", F("expected_on").asc(nulls_last=True), "created_at", "id")
    )


def deleted(mentorship: Mentorship, owner: Person) -> QuerySet[Goal]:
    """What this person deleted and can still bring back, latest first."""
    return Goal.objects.filter(
        mentorship=mentorship, owner=owner, deleted_at__isnull=False
    ).order_by("-deleted_at", "-id")


def letters(goals: QuerySet[Goal]) -> int:
    """How many letters a PDF of these goals holds, at a guess; three queries."""
    plain = Goal.objects.filter(pk__in=goals.order_by().values("pk"))
    texts = Length("label") + Length("details") + Length("outcome") + Value(200)
    notes = Review.objects.filter(goal__in=plain).aggregate(sum=Sum(Length("body")))["sum"]
    steps = Milestone.objects.filter(goal__in=plain).aggregate(sum=Sum(Length("text") + 60))["sum"]
    own = plain.aggregate(sum=Coalesce(Sum(texts), 0))["sum"]
    return int(own + (notes or 0) + (steps or 0))
