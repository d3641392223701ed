"""Rows of the ground floor: the audit trail, the outbox, PDFs and long work."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.ids import new_id


class Identified(models.Model):
    """A model whose key is a UUIDv7."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class AuditEntry(Identified):
    """Who did what when. Written once, in the transaction of the deed, never changed.

    actor: the account that did it. behind: who really sat there when somebody else stood in for the
    account's owner. by_operator: done by an operator of the platform, on a visit or from outside.
    """

    at = models.DateTimeField(default=now)
    verb = models.CharField(max_length=80)
    actor_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    behind_id = models.UUIDField(null=True, blank=True)
    behind_name = models.CharField(max_length=200, blank=True)
    by_operator = models.BooleanField(default=False)
    thing_type = models.CharField(max_length=80)
    thing_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("thing_type", "thing_id", "-at"), name="audit_by_thing"),
            models.Index(fields=("-at", "-id"), name="audit_latest_first"),
            models.Index(fields=("verb", "-at", "-id"), name="audit_by_verb"),
            models.Index(fields=("actor_id", "-at", "-id"), name="audit_by_actor"),
            models.Index(
                fields=("behind_id", "-at", "-id"),
                name="audit_by_who_stood_in",
                condition=Q(behind_id__isnull=False),
            ),
            models.Index(
                fields=("-at", "-id"), name="audit_by_operators", condition=Q(by_operator=True)
            ),
        )
        verbose_name = "audit entry"
        verbose_name_plural = "audit trail"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class MailState(models.TextChoices):
    """The life of a mail in the outbox."""

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up"


class OutboxMail(Identified):
    """A mail written together with the change that it tells of; sending comes after."""

    kind = models.CharField(max_length=60, db_index=True)
    to_name = models.CharField(max_length=200, blank=True)
    to_address = models.EmailField()
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.EmailField()
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    in_reply_to = models.CharField(max_length=200, blank=True)
    about_type = models.CharField(max_length=80, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=now)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    # Small files: [{"name", "type", "base64"}]; their type may carry parameters (method=REQUEST).
    attachments = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(
                fields=("due_at",),
                name="outbox_due",
                condition=Q(state__in=("queued", "sending")),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="outbox_state_known"
            ),
        )
        verbose_name = "mail"
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address}"


class PaperState(models.TextChoices):
    """The life of a PDF that takes its time."""

    WAITING = "waiting", "Waiting its turn"
    MAKING = "making", "Being typeset"
    READY = "ready", "Ready"
    FAILED = "failed", "Not made"


class Paper(Identified):
    """A PDF that is too large for one request: ordered, made by a task, kept for a day.

    kind and about: what the maker of `core.kernel.papers` needs. Read by its owner alone.
    """

    kind = models.CharField(max_length=40)
    about = models.JSONField(default=dict, blank=True)
    owner_id = models.UUIDField(db_index=True)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=120)
    back_url = models.CharField(max_length=300)
    letters = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=PaperState.choices, default=PaperState.WAITING)
    stored_as = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now, db_index=True)
    begun_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=PaperState.values), name="paper_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def get_absolute_url(self) -> str:
        """The page that tells how far it is."""
        return reverse("papers:paper", args=[self.pk])


class JobState(models.TextChoices):
    """The life of a piece of long work."""

    WAITING = "waiting", "Waiting its turn"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"
    FAILED = "failed", "Nothing was done"


class Job(Identified):
    """Long work that a person ordered: done by a task, in one transaction.

    kind and about: what the handler of `core.kernel.jobs` needs. Who runs it holds a lock on the
    row, so a job that is "running" without one was interrupted. Its page is for its owner.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    about = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    owner_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.TextField(blank=True)
    done_url = models.CharField(max_length=300)
    back_url = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=now, db_index=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
        )
        indexes = (
            models.Index(
                fields=("created_at",),
                name="job_open",
                condition=Q(state__in=("waiting", "running")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def get_absolute_url(self) -> str:
        """The page that tells how far it is."""
        return reverse("staff:job", args=[self.pk])
