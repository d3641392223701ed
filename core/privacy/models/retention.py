"""What went because it was old."""

from django.conf import settings
from django.db import models

from core.kernel.clock import now
from core.kernel.models import Identified


class RetentionRun(Identified):
    """On one day one rule removed so many rows."""

    key = models.CharField(max_length=60)
    days = models.PositiveIntegerField()
    at = models.DateTimeField(default=now)
    count = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("key", "-at"), name="retention_runs_of_rule"),)

    def __str__(self) -> str:
        return f"{self.key} {self.at:%Y-%m-%d}"
