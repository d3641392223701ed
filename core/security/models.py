"""What is remembered about where a person signs in from, and who stood in for whom."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified
from core.security.rules import StandInKind


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


class StandIn(Identified):
    """Somebody works with this site in a name that is not their own, for a while (product F4, F6).

    staff: `by` of the programme team signed in as the member `person`. operator: the platform's
    operator `operator_key` visits; `person` is the row that stands for them, and is None until the
    one-time link was opened.
    """

    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in StandInKind])
    by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="stand_ins"
    )
    by_name = models.CharField(max_length=200)
    operator_key = models.UUIDField(null=True, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="stood_in_for"
    )
    reason = models.CharField(max_length=500)
    may_change = models.BooleanField(default=True)
    asked_at = models.DateTimeField(default=now)
    begun_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "sign-in for somebody else"
        verbose_name_plural = "sign-ins for somebody else"
        ordering = ("-asked_at", "-id")
        indexes: ClassVar = [
            models.Index(fields=("kind", "-asked_at", "-id"), name="stand_in_latest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=StandInKind.STAFF.value, operator_key=None)
                | Q(kind=StandInKind.OPERATOR.value, operator_key__isnull=False, by=None),
                name="stand_in_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_operator(self) -> bool:
        """Whether an operator of the platform visits."""
        return self.kind == StandInKind.OPERATOR

    @property
    def is_open(self) -> bool:
        """Whether it is in force at this moment."""
        return self.begun_at is not None and self.ended_at is None and now() < self.ends_at

    @property
    def can_end(self) -> bool:
        """Whether there is something left to end: it runs, or its link still waits."""
        return self.ended_at is None and now() < self.ends_at
