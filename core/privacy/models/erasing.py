"""Who asked to be forgotten, what came of it, and who may not be forgotten yet (product A11)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified
from core.privacy.rules import REMIND_BEFORE, month_after


class AskState(models.TextChoices):
    """The life of a request to be erased."""

    UNCONFIRMED = "unconfirmed", "Not confirmed by mail yet"
    WAITING = "waiting", "Waiting for the team"
    WITHDRAWN = "withdrawn", "Taken back"
    REFUSED = "refused", "Refused"
    DONE = "done", "Carried out"


OPEN = (AskState.UNCONFIRMED, AskState.WAITING)


class ErasureRequest(Identified):
    """A member wants everything about them gone. The law gives the team one month."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=12, choices=AskState.choices, default=AskState.UNCONFIRMED.value
    )
    asked_at = models.DateTimeField(default=now)
    received_at = models.DateTimeField("confirmed", null=True, blank=True)
    # The member of the team who wrote down a request that came by post or telephone.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField("reason of the refusal", blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = "request to be erased"
        verbose_name_plural = "requests to be erased"
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=AskState.values), name="erasure_request_state_known"
            ),
            models.UniqueConstraint(
                fields=("person",), condition=Q(state__in=OPEN), name="erasure_asked_once"
            ),
        )

    def __str__(self) -> str:
        return f"request to be erased of {self.person}"

    @property
    def is_waiting(self) -> bool:
        """Whether the team has to decide."""
        return self.state == AskState.WAITING

    @property
    def due_at(self) -> datetime | None:
        """Until when the law wants it settled; None while no clock runs."""
        return month_after(self.received_at) if self.is_waiting and self.received_at else None

    @property
    def is_overdue(self) -> bool:
        """Whether the month is over."""
        return self.due_at is not None and self.due_at <= now()

    @property
    def days_left(self) -> int | None:
        """Days until the month is over."""
        due = self.due_at
        return None if due is None else (due.date() - now().date()).days

    @property
    def is_urgent(self) -> bool:
        """Whether the month is nearly over."""
        due = self.due_at
        return due is not None and now() >= due - REMIND_BEFORE


class Way(models.TextChoices):
    """Why somebody was erased."""

    ASKED = "asked", "Asked for"
    RETENTION = "retention", "By a rule of retention"
    RESTORED = "restored", "Again, after a backup was restored"


class Erasure(Identified):
    """The receipt of an erasure: digests and counts, nothing of the person.

    mails: keys of mails that were still to be sent when it happened, and whether the whole row
    goes then ("go") or only what it says ("blank"). doomed: files that are still to be removed.
    """

    person_digest = models.CharField(max_length=64, db_index=True)
    address_digests = models.JSONField(default=list)
    at = models.DateTimeField(default=now)
    asked_at = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=10, choices=Way.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    counts = models.JSONField(default=dict)
    files = models.PositiveIntegerField(default=0)
    mails = models.JSONField(default=dict, blank=True)
    doomed = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "receipt of an erasure"
        verbose_name_plural = "receipts of erasures"
        constraints = (
            models.CheckConstraint(condition=Q(way__in=Way.values), name="erasure_way_known"),
        )

    def __str__(self) -> str:
        return f"receipt {self.number}"

    @property
    def number(self) -> str:
        """How the receipt is named in letters."""
        return self.pk.hex[-10:].upper()

    @property
    def rows(self) -> int:
        """How many rows were removed or emptied."""
        return sum(self.counts.values())


class LegalHold(Identified):
    """What is stored about this person may not go: a dispute, an investigation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at=None), name="hold_once"
            ),
        )

    def __str__(self) -> str:
        return f"hold on what is stored about {self.person}"
