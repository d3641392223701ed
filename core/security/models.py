"""What is remembered about where a person signs in from."""

from typing import ClassVar

from django.db import models

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified


class KnownBrowser(Identified):
    """A kind of browser that a person has signed in with: a digest, never the name itself."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="known_browsers")
    digest = models.CharField(max_length=32)
    seen_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "known browser"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "digest"], name="browser_known_once")
        ]

    def __str__(self) -> str:
        return f"browser {self.pk}"
