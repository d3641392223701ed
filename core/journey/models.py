"""How far two people have come, what they filled in, and the road that staff are drawing."""

from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.journey.rules import Act, Plan, Standing, standing_of
from core.kernel.clock import now
from core.kernel.models import Identified
from core.mentorships.models import Mentorship
from core.programme.models import Edition


class Outcome(models.TextChoices):
    """How a journey came to its end."""

    COMPLETED = "completed", "Completed"
    ENDED = "ended", "Ended"


class Run(Identified):
    """One journey of a pair, on the road as it was when they set out (product E8, E9).

    Going on after an end, or starting anew, is a further run; earlier ones stay to be read.
    `stages` keeps for each stage when the mentor, the mentee marked it and since when it counts
    as completed: {"progression": {"mentee": "<time>", "passed": "<time>"}}.
    """

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="runs")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    cycle = models.PositiveIntegerField(default=1)
    stages = models.JSONField(default=dict)
    begun_at = models.DateTimeField(default=now)
    over_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome)

    class Meta:
        ordering: ClassVar = ["begun_at", "id"]
        verbose_name = "journey"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mentorship"], condition=Q(over_at=None), name="one_journey_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"journey {self.cycle} of {self.mentorship_id}"

    @cached_property
    def plan(self) -> Plan:
        """The road on which they set out."""
        return Plan.model_validate(self.edition.document)

    def standing(self, stage: str) -> Standing:
        """How a stage before the end stands."""
        return standing_of(self.stages.get(stage))


class StageStep(Identified):
    """One line of history: who marked which stage when, or took it back. Never changed."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=40)
    act = models.CharField(
        max_length=10, choices=[(Act.MARK.value, "Marked"), (Act.TAKE_BACK.value, "Taken back")]
    )
    completed = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        verbose_name = "step of a journey"
        verbose_name_plural = "steps of journeys"

    def __str__(self) -> str:
        return f"{self.act} {self.stage}"


class Sheet(Identified):
    """An activity as the two filled it in (product E12). Both write on the one sheet."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="sheets")
    activity = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["changed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "activity"], name="sheet_once"),
        ]

    def __str__(self) -> str:
        return f"{self.activity}, version {self.number}"


class SheetVersion(Identified):
    """A sheet as it once stood. Never changed, so that nobody's words are lost."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_version_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class PlanDraft(Identified):
    """The road as staff are drawing it, until they publish or discard it. One a site."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    document = models.JSONField()
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "road being drawn"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(only=True), name="one_road_being_drawn"),
        ]

    def __str__(self) -> str:
        return "road being drawn"

    @cached_property
    def plan(self) -> Plan:
        """The road as it is drawn so far."""
        return Plan.model_validate(self.document)
