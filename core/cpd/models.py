"""What members choose for their CPD record, and the records that were issued (product E14)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.cpd import rules
from core.kernel.clock import now
from core.kernel.models import Identified


class Choice(Identified):
    """What somebody decided about a line that comes from elsewhere: in or out, adjusted hours."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=[(key, key) for key in rules.KINDS])
    source_id = models.UUIDField()
    included = models.BooleanField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=rules.NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = "choice for a CPD record"
        verbose_name_plural = "choices for CPD records"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "kind", "source_id"], name="cpd_choice_once_a_line"
            )
        ]

    def __str__(self) -> str:
        return f"choice {self.pk}"


class OwnLine(Identified):
    """A line that somebody added themselves."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    title = models.CharField(max_length=rules.TITLE_LENGTH)
    minutes = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=rules.NOTE_LENGTH, blank=True)
    included = models.BooleanField(default=True)
    # The form it came from, so that a second click makes no second line.
    form_key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["day", "id"]
        verbose_name = "line of a CPD record"
        verbose_name_plural = "lines of CPD records"
        indexes: ClassVar = [models.Index(fields=["member", "day"], name="cpd_own_by_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "form_key"], name="cpd_own_line_once_a_form"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"


class Issued(Identified):
    """A record as it was issued. Written once; its owner may take it back, nothing else changes.

    `digest` is the SHA-256 of the PDF, so that a file can be told from a changed one.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=200)
    scheme = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()
    minutes = models.PositiveIntegerField()
    lines = models.JSONField()
    stored_as = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-issued_at", "-id"]
        verbose_name = "issued CPD record"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="cpd_period_in_order"
            ),
            models.UniqueConstraint(fields=["member", "form_key"], name="cpd_issued_once_a_form"),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only new ones; raises TypeError for a change."""
        if not self._state.adding:
            raise TypeError("an issued record is never changed")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The owner's page of this record."""
        return reverse("cpd:issued", args=[self.pk])

    @property
    def period(self) -> rules.Period:
        """What it covers."""
        return rules.Period(self.first_day, self.last_day)

    @property
    def hours(self) -> str:
        """All its hours: "12.5"."""
        return rules.hours_of(self.minutes)

    @property
    def code_in_groups(self) -> str:
        """The code as people read it."""
        return rules.in_groups(self.code)
