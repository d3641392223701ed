"""A goal, the steps towards it, and what its owner noted on the way (product E4 to E7)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.accounts.models import Person
from core.goals.rules import (
    DETAILS_LENGTH,
    LABEL_LENGTH,
    MILESTONE_LENGTH,
    OUTCOME_LENGTH,
    REVIEW_LENGTH,
)
from core.kernel.clock import now
from core.kernel.models import Identified
from core.mentorships.models import Mentorship


class Goal(Identified):
    """One person's goal in one relationship. Only the owner changes it, the partner reads it."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="goals")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=LABEL_LENGTH)
    details = models.TextField(max_length=DETAILS_LENGTH, blank=True)
    expected_on = models.DateField("expected completion date", null=True, blank=True)
    # Since when that date stands: one that was set within the last days needs no reminder.
    dated_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(max_length=OUTCOME_LENGTH, blank=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    completed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    reminded_for = models.DateField(null=True, blank=True)
    # Rises with each change of label, details or date, so that two windows overwrite nothing.
    version = models.PositiveIntegerField(default=1)
    # The form it came from, so that a second click makes no second goal.
    form_key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "form_key"], name="goal_once_a_form"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mentorship", "owner"], name="goal_of_mentorship"),
            models.Index(
                fields=["expected_on"],
                name="goal_to_come",
                condition=models.Q(completed_at=None, deleted_at=None),
            ),
            models.Index(
                fields=["deleted_at"],
                name="goal_deleted",
                condition=models.Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """The page of this goal."""
        return reverse("goals:goal", args=[self.pk])

    @property
    def is_completed(self) -> bool:
        """Whether its owner has reached it."""
        return self.completed_at is not None

    @property
    def is_deleted(self) -> bool:
        """Whether its owner deleted it; only they still see it, to bring it back."""
        return self.deleted_at is not None

    def partner_of(self, person: Person) -> Person:
        """The other one of the two."""
        two = self.mentorship
        return two.mentee if person.pk == two.mentor_id else two.mentor


class Milestone(Identified):
    """One step towards a goal."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="milestones")
    text = models.CharField(max_length=MILESTONE_LENGTH)
    due_on = models.DateField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "form_key"], name="milestone_once_a_form"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_done(self) -> bool:
        """Whether it is ticked."""
        return self.done_at is not None


class Review(Identified):
    """What the owner noted about how it goes, with its date."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="reviews")
    body = models.TextField(max_length=REVIEW_LENGTH)
    written_at = models.DateTimeField(default=now)
    form_key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["written_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "form_key"], name="review_once_a_form"),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"
