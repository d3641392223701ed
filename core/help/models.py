"""What the institute answers before anybody has to ask, and what people ask all the same."""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.help.rules import ACKNOWLEDGE_WITHIN, unknown_pages
from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.models import Identified
from core.programme.models import Worded

AUDIENCES = [("everyone", "Everyone"), ("mentee", "Mentees"), ("mentor", "Mentors")]
SLUG = RegexValidator(
    r"^[a-z][a-z0-9-]{1,40}\Z", "Use small letters, digits and hyphens, a letter first."
)
PLACEHOLDERS_HELP = (
    "Markdown. Write {{ request }}, {{ requests }} or {{ a_request }} for the programme's own word."
)
ANSWER_HELP = (
    f"{PLACEHOLDERS_HELP} A link to a page of this site: [Edit Account](page:accounts:edit)."
)


def own_key() -> str:
    """The key of a question that staff wrote themselves."""
    return f"own-{uuid4().hex}"


class Faq(Worded, Identified):
    """A question and its answer."""

    worded = ("topic", "question", "answer")

    key = models.CharField(max_length=80, unique=True, default=own_key, editable=False)
    audience = models.CharField(
        "for", max_length=10, choices=AUDIENCES, default="everyone", db_index=True
    )
    topic = models.CharField(max_length=60)
    question = models.CharField(max_length=200)
    answer = models.TextField(max_length=20_000, help_text=ANSWER_HELP)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        verbose_name = "question and answer"
        verbose_name_plural = "questions and answers"
        ordering: ClassVar = ["order", "key"]

    def __str__(self) -> str:
        return self.question

    def clean(self) -> None:
        """Refuse placeholders and links to pages that stand for nothing."""
        super().clean()
        if unknown := unknown_pages(self.answer or ""):
            raise ValidationError({"answer": f"There is no page called “{unknown[0]}”."})

    def get_absolute_url(self) -> str:
        return reverse("help:faq", args=(self.key,))


class LegalPage(Worded, Identified):
    """A page that the footer leads to: privacy, accessibility, terms."""

    worded = ("title", "body")

    slug = models.CharField(max_length=41, unique=True, validators=[SLUG])
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=60_000, help_text=PLACEHOLDERS_HELP)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "legal page"
        verbose_name_plural = "legal pages"
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("help:legal", args=(self.slug,))


class EnquiryKind(models.TextChoices):
    """What somebody writes to the institute about (product F2)."""

    QUESTION = "question", "A question"
    PROBLEM = "problem", "A problem with this site"
    COMPLAINT = "complaint", "A complaint about how my personal data is handled"


class EnquiryState(models.TextChoices):
    """How far the team is."""

    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"


class Enquiry(Identified):
    """What somebody wrote to the institute with the contact form, signed in or not."""

    kind = models.CharField(
        max_length=10, choices=EnquiryKind.choices, default=EnquiryKind.QUESTION
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address")
    subject = models.CharField(max_length=150)
    message = models.TextField()
    key = models.UUIDField(default=new_id, unique=True)
    made_at = models.DateTimeField(default=now)
    state = models.CharField(
        max_length=10, choices=EnquiryState.choices, default=EnquiryState.OPEN, db_index=True
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "message to the team"
        verbose_name_plural = "messages to the team"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=EnquiryState.values), name="enquiry_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["made_at"],
                name="enquiry_complaint_waiting",
                condition=Q(kind="complaint", acknowledged_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.name})"

    @property
    def is_complaint(self) -> bool:
        """Whether it is a complaint about personal data, which has a clock."""
        return self.kind == EnquiryKind.COMPLAINT

    @property
    def acknowledge_by(self) -> datetime | None:
        """Until when the team has to confirm a complaint; None when no clock runs."""
        waits = self.is_complaint and self.acknowledged_at is None
        if not waits or self.state == EnquiryState.CLOSED:
            return None
        return self.made_at + ACKNOWLEDGE_WITHIN

    @property
    def is_overdue(self) -> bool:
        """Whether a complaint should have been confirmed by now."""
        return self.acknowledge_by is not None and self.acknowledge_by <= now()

    @property
    def days_left(self) -> int | None:
        """Days until the day on which the clock of a complaint runs out."""
        ends = self.acknowledge_by
        return None if ends is None else (ends.date() - now().date()).days


class NoteKind(models.TextChoices):
    """What stands in the history of a message to the team."""

    STEP = "step", "Step"
    NOTE = "note", "Note"
    ANSWER = "answer", "Answer"


class EnquiryNote(Identified):
    """What the team did, noted or answered. Never changed; only answers reach the sender."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind.choices, default=NoteKind.NOTE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    key = models.UUIDField(default=new_id, unique=True)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "note on a message"
        verbose_name_plural = "notes on messages"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"note {self.pk}"
