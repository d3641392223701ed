"""Invitations, imports with what each row of a file did, and exports that wait to be fetched."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.kernel.clock import now
from core.kernel.models import Identified
from core.people.rules.invitations import LINE_LENGTH, STAFF_ROLES


class InvitationState(models.TextChoices):
    """The life of an invitation; an open one whose time is over has expired."""

    OPEN = "open", "Open"
    USED = "used", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ImportState(models.TextChoices):
    """How far a file has come."""

    UPLOADED = "uploaded", "Uploaded"
    CHECKED = "checked", "Checked"
    DONE = "done", "Imported"
    UNDONE = "undone", "Taken back"


class ImportKind(models.TextChoices):
    """What becomes of the people in a file."""

    ACCOUNTS = "accounts", "Make accounts"
    INVITATIONS = "invitations", "Send invitations"


class Outcome(models.TextChoices):
    """What a row of a file does, or did."""

    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"
    ERASED = "erased", "Erased before"


class Import(Identified):
    """A CSV file of people: how it is read, what came of it.

    mapping: for each column what it holds (`core.people.rules.targets`), "" for nothing of ours.
    options: `core.people.rules.options.Options`. counts: rows by outcome of the last check.
    """

    kind = models.CharField(
        max_length=12, choices=ImportKind.choices, default=ImportKind.ACCOUNTS.value
    )
    file_name = models.CharField(max_length=160)
    stored_as = models.CharField(max_length=200, blank=True)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=4)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED.value
    )
    made_at = models.DateTimeField(default=now, db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(Identified):
    """One row of a file. `number` is its first line in the file.

    problems: [[column, sentence], ...]. before and after: what an existing person's row changed,
    for taking it back. kept: why taking the import back left this person as they are.
    """

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=180, blank=True)
    problems = models.JSONField(default=list)
    person_key = models.UUIDField(null=True, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    kept = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["number", "id"]
        indexes: ClassVar = [
            models.Index(fields=("source", "number"), name="import_row_place"),
            models.Index(fields=("source", "outcome", "number"), name="import_row_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"


class Invitation(Identified):
    """Somebody is asked to join, by a link that works once.

    person: whose account waits to be opened (imports make accounts), or who came of it.
    staff_role: the place on the programme team that goes with it, or "". by_operator: written
    by an operator of the platform. sent_at is empty as long as the mail has still to be written.
    """

    email = models.EmailField("e-mail address")
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    is_mentor = models.BooleanField(default=False)
    is_mentee = models.BooleanField(default=False)
    staff_role = models.CharField(max_length=20, blank=True, choices=STAFF_ROLES)
    line = models.TextField("personal line", max_length=LINE_LENGTH, blank=True)
    state = models.CharField(
        max_length=10, choices=InvitationState.choices, default=InvitationState.OPEN.value
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        Import, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200, blank=True)
    by_operator = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=InvitationState.values), name="people_invitation_state_known"
            ),
            models.UniqueConstraint(
                Lower("email"), condition=Q(state="open"), name="people_invitation_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("made_at",),
                name="people_invitation_unsent",
                condition=Q(state="open", sent_at=None),
            ),
            models.Index(
                fields=("expires_at",), name="people_invitation_open", condition=Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def full_name(self) -> str:
        """First and last name, as far as they were given."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_expired(self) -> bool:
        """Whether nobody used it in time."""
        return self.state == InvitationState.OPEN and self.expires_at <= now()


class Export(Identified):
    """A file of people that a job made, kept for a day, read by its owner alone."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_format = models.CharField(max_length=4, choices=[("csv", "CSV"), ("xlsx", "XLSX")])
    wanted = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    stored_as = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"people.{self.file_format}"
