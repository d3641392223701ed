"""A copy of what is stored about somebody, waiting to be fetched."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified, Job

KEPT = timedelta(days=7)


class Export(Identified):
    """A zip of everything about a person. Fetched by that person alone, whoever ordered it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    stored_as = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    rows = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = "copy of what is stored"
        verbose_name_plural = "copies of what is stored"

    def __str__(self) -> str:
        return f"copy {self.pk}"

    @property
    def file_name(self) -> str:
        """What it is called once it is fetched."""
        return f"my-data-{self.made_at:%Y-%m-%d}.zip"
