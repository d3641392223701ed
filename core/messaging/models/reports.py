"""What members tell the programme team about messages and people (product D10, decision 4).

A report carries a frozen copy of what it is about: staff read that, never the conversation.
"""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.models import Identified
from core.messaging.models.talk import Message


class ReportKind(models.TextChoices):
    """What somebody wants looked at."""

    MESSAGE = "message", "A message"
    PERSON = "person", "A person"
    STEP_IN = "step_in", "Please step in"


class Reason(models.TextChoices):
    """Why."""

    DANGER = "danger", "Somebody may be in danger"
    HARASSMENT = "harassment", "Harassment or bullying"
    DISCRIMINATION = "discrimination", "Discrimination"
    BOUNDARIES = "boundaries", "Unwanted personal contact"
    SELLING = "selling", "Selling, or asking for money"
    OTHER = "other", "Something else"


class ReportState(models.TextChoices):
    """How far the programme team is."""

    NEW = "new", "New"
    IN_HAND = "in_hand", "In hand"
    RESOLVED = "resolved", "Resolved"


class Report(Identified):
    """One thing that somebody told the programme team."""

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    text = models.TextField("in their words")
    snapshot = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    key = models.UUIDField(default=new_id)
    made_at = models.DateTimeField(default=now)
    state = models.CharField(
        max_length=10, choices=ReportState.choices, default=ReportState.NEW, db_index=True
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    outcome = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "report"
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reporter", "key"], name="report_made_once"),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="report_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.made_at:%d %B %Y}"


class ReportNote(Identified):
    """What a member of the programme team wrote down or did about a report. Never changed."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "note"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Mute(Identified):
    """A person who cannot send messages, until a moment or until somebody lifts it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="mutes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "mute"
        ordering: ClassVar = ["-begun_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["person"], name="mute_in_force", condition=Q(lifted_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"mute {self.pk}"
