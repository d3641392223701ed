"""Visits by day and kind: numbers, and nothing about anybody."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.models import Identified
from core.visits.rules import Kind

KINDS = [
    (Kind.GUEST.value, "Guests"),
    (Kind.MENTOR.value, "Mentors"),
    (Kind.MENTEE.value, "Mentees"),
    (Kind.STAFF.value, "Programme team"),
]


class DailyVisits(Identified):
    """How many visits of a kind began on a day of the institute's calendar."""

    day = models.DateField()
    kind = models.CharField(max_length=8, choices=KINDS)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "visits of a day"
        verbose_name_plural = "visits"
        ordering: ClassVar = ["day", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "kind"], name="visits_once_a_day_and_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="visits_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}: {self.count}"
