"""How institutes stand, and what operators did to them: tables of the shared schema.

Numbers, names of code and deeds of operators; nothing about anybody who uses a site.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.clock import now
from core.kernel.models import Identified


class Snapshot(Identified):
    """The figures of one institute at one moment, gathered by the clock (`tenants.health`)."""

    institute = models.OneToOneField(
        "tenants.Institute", on_delete=models.CASCADE, related_name="snapshot"
    )
    taken_at = models.DateTimeField(default=now)
    has_schema = models.BooleanField(default=True)
    schema_bytes = models.BigIntegerField(default=0)
    files_bytes = models.BigIntegerField(null=True, blank=True)
    files_count = models.PositiveIntegerField(default=0)
    files_at = models.DateTimeField(null=True, blank=True)
    members = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    visits_before = models.PositiveIntegerField(default=0)
    visit_days = models.JSONField(default=list)
    mails_queued = models.PositiveIntegerField(default=0)
    mails_failed = models.PositiveIntegerField(default=0)
    mail_waits_since = models.DateTimeField(null=True, blank=True)
    mail_sent_at = models.DateTimeField(null=True, blank=True)
    behind = models.JSONField(default=list)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-taken_at",)

    def __str__(self) -> str:
        return f"{self.institute_id} {self.taken_at:%Y-%m-%d %H:%M}"


class FaultKind(models.TextChoices):
    """Where something broke."""

    PAGE = "page", "Server error"
    TASK = "task", "Task failed"
    REFUSED = "refused", "Task refused"
    UPGRADE = "upgrade", "Upgrade failed"


class Fault(Identified):
    """The last thing of a kind that broke in an institute: which code, never what was in it."""

    institute = models.ForeignKey(
        "tenants.Institute", on_delete=models.CASCADE, related_name="faults"
    )
    kind = models.CharField(max_length=8, choices=FaultKind.choices)
    what = models.CharField(max_length=200)
    where = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("institute", "kind"), name="fault_one_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=FaultKind.values), name="fault_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"


class OperatorDeed(Identified):
    """What an operator did to an institute, kept by the platform whatever becomes of it.

    The institute's own audit trail holds the same deed (`tenants.deeds`).
    """

    institute = models.ForeignKey(
        "tenants.Institute", null=True, on_delete=models.SET_NULL, related_name="deeds"
    )
    institute_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)
    operator_key = models.UUIDField(null=True, blank=True)
    operator_name = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.verb}: {self.institute_name}"


class OperatorVisit(Identified):
    """A stay of an operator in an institute: asked for with a reason, ended by the clock."""

    institute = models.ForeignKey(
        "tenants.Institute", on_delete=models.CASCADE, related_name="operator_visits"
    )
    operator_key = models.UUIDField(null=True, blank=True)
    operator_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField()
    may_change = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=now, db_index=True)
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ("-opened_at",)

    def __str__(self) -> str:
        return f"{self.operator_name}: {self.reason}"


class SenderState(models.TextChoices):
    """Whether mails of an institute's sender address are believed."""

    GOOD = "good", "All records are right"
    LACKING = "lacking", "Records to set"
    AWAY = "away", "Could not be looked up"


class SenderCheck(Identified):
    """The DNS records of the domain of an institute's sender address, as they were found."""

    institute = models.OneToOneField(
        "tenants.Institute", on_delete=models.CASCADE, related_name="sender_check"
    )
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=8, choices=SenderState.choices)
    findings = models.JSONField(default=list)
    checked_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-checked_at",)

    def __str__(self) -> str:
        return f"{self.address}: {self.get_state_display()}"


class UploadedBundle(Identified):
    """A bundle as an operator sent it, kept until it is provisioned or a day has passed."""

    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField(default=now, db_index=True)
    operator_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.file_name
