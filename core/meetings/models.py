"""A meeting of two partners, what they note about it, and the feed of a person's meetings."""

import secrets
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified
from core.meetings.rules import DETAILS_LENGTH, NOTE_LENGTH, PLACE_LENGTH, TITLE_LENGTH
from core.mentorships.models import Mentorship


def new_key() -> str:
    """A key that nobody can guess, for a video room or a calendar feed."""
    return secrets.token_urlsafe(24)


class Meeting(Identified):
    """Kept in UTC; `time_zone` is the zone in which whoever set the time thinks (decision 5)."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="meetings")
    arranged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=TITLE_LENGTH)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    ends_at = models.DateTimeField(editable=False)
    time_zone = models.CharField(max_length=60)
    place = models.CharField("method or location", max_length=PLACE_LENGTH, blank=True)
    details = models.TextField(max_length=DETAILS_LENGTH, blank=True)
    is_video = models.BooleanField("video chat meeting", default=False)
    room_key = models.CharField(max_length=60, unique=True, default=new_key, editable=False)
    # Who has it in their mailbox, and so maybe in a calendar of their own.
    sent_to_mentor = models.BooleanField(default=False)
    sent_to_mentee = models.BooleanField(default=False)
    # Rises with each change: calendar programmes take the highest (RFC 5545, SEQUENCE).
    sequence = models.PositiveIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    reminded_for = models.DateTimeField(null=True, blank=True)
    # The form it came from, so that a second click makes no second meeting.
    form_key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["arranged_by", "form_key"], name="meeting_once_a_form"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mentorship", "starts_at"], name="meeting_of_mentorship"),
            models.Index(
                fields=["starts_at"],
                name="meeting_to_come",
                condition=Q(cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.starts_at:%Y-%m-%d %H:%M})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The end follows from start and duration."""
        self.ends_at = self.starts_at + timedelta(minutes=self.minutes)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The page of this meeting."""
        return reverse("meetings:detail", args=[self.pk])

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.ends_at <= now()

    def was_sent_to(self, person: Person) -> bool:
        """Whether this one of the two got it by mail: they are told of every change."""
        return (
            self.sent_to_mentor if person.pk == self.mentorship.mentor_id else self.sent_to_mentee
        )

    def partner_of(self, person: Person) -> Person:
        """The other one of the two."""
        two = self.mentorship
        return two.mentee if person.pk == two.mentor_id else two.mentor


class MeetingNote(Identified):
    """What somebody wrote down about a meeting. Private ones are read by nobody else (D8)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=NOTE_LENGTH)
    shared = models.BooleanField(default=False)
    written_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    form_key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["written_at", "id"]
        verbose_name = "meeting note"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["author", "form_key"], name="meeting_note_once_a_form"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class CalendarFeed(Identified):
    """The address under which a person's calendar programme reads their meetings (D6)."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    key = models.CharField(max_length=60, unique=True, default=new_key, editable=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "calendar feed"

    def __str__(self) -> str:
        return f"feed {self.pk}"
