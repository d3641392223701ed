"""Who the institutes are. These tables live in the shared schema; members never do."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.clock import now
from core.kernel.models import Identified


class Kind(models.TextChoices):
    """Which kind of site it is."""

    INSTITUTE = "institute", "Institute"
    OPERATORS = "operators", "Operators' site"


class State(models.TextChoices):
    """Only an active institute is served and works."""

    PREPARING = "preparing", "Being prepared"
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    DELETED = "deleted", "Deleted"


class Institute(Identified):
    """A site with a schema of its own. Deleting the row never drops the schema."""

    schema_name = models.CharField(max_length=63, unique=True, editable=False)
    slug = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INSTITUTE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    bundle = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_for = models.CharField(max_length=300, blank=True)

    domains: "models.Manager[Domain]"

    class Meta:
        ordering = ("slug",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="institute_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="institute_kind_known"),
            models.CheckConstraint(
                condition=Q(schema_name__regex=r"^t_[a-z0-9]{8,40}$"), name="institute_schema_ours"
            ),
            models.UniqueConstraint(
                fields=("kind",), condition=Q(kind="operators"), name="institute_one_operators"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def new_proof() -> str:
    """A value for a TXT record that nobody can guess."""
    return secrets.token_urlsafe(24)


class DnsState(models.TextChoices):
    """What the last look at a domain's TXT records found."""

    FOUND = "found", "Record found"
    MISSING = "missing", "No record yet"
    OTHER = "other", "Another value"
    AWAY = "away", "DNS did not answer"


class Domain(Identified):
    """One exact host name of one institute; ASCII (IDNA) and lower case.

    `proof` is the value that the owner of a domain puts into a TXT record; only a domain with
    `proved_at` is served. One with `leads_on_until` leads to the primary address until then, and
    is unknown afterwards; its name stays taken, so that old links never lead to somebody else.
    """

    domain = models.CharField(max_length=253, unique=True)
    institute = models.ForeignKey(Institute, on_delete=models.PROTECT, related_name="domains")
    is_primary = models.BooleanField(default=False)
    proof = models.CharField(max_length=64, default=new_proof, editable=False)
    proved_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(default=now)
    leads_on_until = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_state = models.CharField(max_length=8, choices=DnsState.choices, blank=True)
    check_says = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-is_primary", "domain")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("institute",), condition=Q(is_primary=True), name="domain_one_primary"
            ),
            models.CheckConstraint(
                condition=Q(domain__regex=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"),
                name="domain_exact_host",
            ),
            models.CheckConstraint(
                condition=Q(is_primary=False) | Q(proved_at__isnull=False),
                name="domain_primary_proved",
            ),
            models.CheckConstraint(
                condition=Q(is_primary=False) | Q(leads_on_until__isnull=True),
                name="domain_primary_stays",
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class RefusedTask(Identified):
    """A task that was not allowed to run, kept for operators."""

    task = models.CharField(max_length=200)
    institute = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300)
    arguments = models.JSONField(default=dict)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.task}: {self.reason}"


class UsedSchemaName(models.Model):
    """Every schema name ever given out: none is used twice, whatever became of it."""

    schema_name = models.CharField(max_length=63, primary_key=True)
    used_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("used_at",)

    def __str__(self) -> str:
        return self.schema_name


class Recording(models.Model):
    """The statements that make the schema of an institute, recorded once for a set of apps."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    statements = models.TextField()
    catalogue = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.fingerprint[:12]


class ContentTypeId(models.Model):
    """The id that a model's content type has in every schema."""

    id = models.IntegerField(primary_key=True)
    app_label = models.CharField(max_length=100)
    model = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("app_label", "model"), name="content_type_known_once")
        ]

    def __str__(self) -> str:
        return f"{self.app_label}.{self.model}"


class PermissionId(models.Model):
    """The id that a permission has in every schema."""

    id = models.IntegerField(primary_key=True)
    content_type = models.ForeignKey(ContentTypeId, on_delete=models.PROTECT)
    codename = models.CharField(max_length=100)
    name = models.CharField(max_length=255)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("content_type", "codename"), name="permission_known_once"
            )
        ]

    def __str__(self) -> str:
        return self.codename


class Step(models.TextChoices):
    """The steps of provisioning, in order."""

    CHECK = "check", "Checking the bundle and the names"
    SCHEMA = "schema", "Making the schema"
    BUNDLE = "bundle", "Writing the bundle"
    DONE = "done", "Ready"


class Outcome(models.TextChoices):
    """How a provisioning run stands."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class ProvisionRun(Identified):
    """The progress of one provisioning run, written beside its transaction."""

    slug = models.CharField(max_length=60, db_index=True)
    bundle = models.CharField(max_length=200)
    schema_name = models.CharField(max_length=63, blank=True)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.CHECK)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=len(Step.values))
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"{self.slug}: {self.get_step_display()}"


# Tables that live in a module of their own; Django finds models where this one is imported.
from tenants import keeping as keeping  # noqa: E402
from tenants import standing as standing  # noqa: E402
