"""What is kept of institutes: backups, the former states of their settings, deletions.

Tables of the shared schema; an archive itself is a file of the platform (`tenants.backups`).
"""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.clock import now
from core.kernel.models import Identified


class RunKind(models.TextChoices):
    """What a run does to an institute."""

    BACKUP = "backup", "Backing up"
    RESTORE = "restore", "Restoring"
    DELETE = "delete", "Deleting"


class RunOutcome(models.TextChoices):
    """How a run stands."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class PlatformRun(Identified):
    """Long work on one institute, told beside its transaction. Holds the lock on the short name.

    `about` is what was asked; `report` is what came of it, and what a sweep must know to put a
    killed run right.
    """

    kind = models.CharField(max_length=8, choices=RunKind.choices)
    slug = models.CharField(max_length=60, db_index=True)
    about = models.JSONField(default=dict)
    schema_name = models.CharField(max_length=63, blank=True)
    step = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=1)
    outcome = models.CharField(
        max_length=10, choices=RunOutcome.choices, default=RunOutcome.WAITING
    )
    message = models.TextField(blank=True)
    report = models.JSONField(default=dict)
    operator_key = models.UUIDField(null=True, blank=True)
    operator_name = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=now, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=RunKind.values), name="platform_run_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=RunOutcome.values), name="platform_run_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}: {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits or works."""
        return self.outcome in (RunOutcome.WAITING, RunOutcome.RUNNING)


class Backup(Identified):
    """An archive that is kept in the platform's storage. It outlives its institute."""

    institute = models.ForeignKey(
        "tenants.Institute", null=True, on_delete=models.SET_NULL, related_name="backups"
    )
    institute_name = models.CharField(max_length=200)
    slug = models.CharField(max_length=60, db_index=True)
    stored_as = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    files = models.PositiveIntegerField()
    files_bytes = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    operator_name = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"{self.slug} {self.made_at:%Y-%m-%d %H:%M}"


class RetiredSchema(Identified):
    """A schema that no institute has any more: dropped with its files once nobody can be in it."""

    schema_name = models.CharField(max_length=63, unique=True)
    slug = models.CharField(max_length=60)
    retired_at = models.DateTimeField(default=now)
    dropped_at = models.DateTimeField(null=True, blank=True)
    files_gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-retired_at",)

    def __str__(self) -> str:
        return self.schema_name


class DeletionState(models.TextChoices):
    """The life of a request to delete an institute."""

    WAITING = "waiting", "Waiting"
    CANCELLED = "cancelled", "Cancelled"
    DONE = "done", "Deleted"


class Deletion(Identified):
    """A request to delete an institute, and the receipt once it is done."""

    institute = models.ForeignKey(
        "tenants.Institute", on_delete=models.PROTECT, related_name="deletions"
    )
    institute_name = models.CharField(max_length=200)
    slug = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    keeps_backup = models.BooleanField(default=True)
    former_state = models.CharField(max_length=10)
    state = models.CharField(
        max_length=10, choices=DeletionState.choices, default=DeletionState.WAITING
    )
    operator_key = models.UUIDField(null=True, blank=True)
    operator_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    backup = models.ForeignKey(Backup, null=True, on_delete=models.SET_NULL, related_name="+")
    receipt = models.JSONField(default=dict)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("institute",),
                condition=Q(state="waiting"),
                name="deletion_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeletionState.values), name="deletion_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}: {self.get_state_display()}"

    def is_due(self, at: datetime) -> bool:
        """Whether the waiting period is over."""
        return self.state == DeletionState.WAITING and self.due_at <= at


class BundleRevision(Identified):
    """The settings of an institute as they stood before a bundle was applied by operators.

    `things` and `marks` are what rolling back writes (`tenants.bundles.standing`); `content` is the
    same as a zip for people, which may be empty for settings that no bundle can say.
    """

    institute = models.ForeignKey(
        "tenants.Institute", on_delete=models.CASCADE, related_name="bundle_revisions"
    )
    at = models.DateTimeField(default=now)
    operator_name = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    summary = models.JSONField(default=list)
    things = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    content = models.BinaryField()
    rolled_back_at = models.DateTimeField(null=True, blank=True)
    rolled_back_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.source} {self.at:%Y-%m-%d %H:%M}"


class ErasedPerson(Identified):
    """One account that was erased: a digest, nothing of the person (see `tenants.ledger`).

    No key of the institute: the line outlives its deletion.
    """

    institute_key = models.UUIDField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "erased person"
        verbose_name_plural = "erased people"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["institute_key", "digest"], name="erased_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:16]
