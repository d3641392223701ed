"""A mentorship from the first ask to the end, and its history."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.models import Identified
from core.mentorships.rules import REASONS, STATEMENT_LENGTH, Reason
from core.mentorships.states import OPEN, UNANSWERED, Action, State

STATES = [
    (State.PROPOSED.value, "Waiting for the mentor"),
    (State.CHANGES_ASKED.value, "Waiting for the mentee"),
    (State.ACTIVE.value, "Active"),
    (State.COMPLETED.value, "Completed"),
    (State.DECLINED.value, "Declined"),
    (State.WITHDRAWN.value, "Withdrawn"),
    (State.LAPSED.value, "Lapsed"),
    (State.ENDED.value, "Ended"),
]
ACTIONS = [(action.value, action.value.replace("_", " ").capitalize()) for action in Action]


class Mentorship(Identified):
    """One row from the ask to the end (product, decision 1). Only services change its state."""

    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentorships_as_mentor"
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentorships_as_mentee"
    )
    state = models.CharField(max_length=16, choices=STATES, default=State.PROPOSED.value)
    area = models.CharField(max_length=60, blank=True)
    area_label = models.CharField(max_length=160, blank=True)
    statement = models.TextField(max_length=STATEMENT_LENGTH)
    # Who speaks in the statement: the team where it made the match, else the mentee.
    by_team = models.BooleanField("written by the programme team", default=False)
    sent_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(
        max_length=20, blank=True, choices=[(one.value, REASONS[one]) for one in Reason]
    )
    note = models.TextField(blank=True)
    # The ladder's clock (C5): since when the mentor is waited for, and from when it stood still.
    waiting_since = models.DateTimeField(default=now)
    paused_at = models.DateTimeField(null=True, blank=True)
    reminded_day = models.PositiveSmallIntegerField(default=0)
    # When the mentor asked the mentee to go on after an end (D9).
    invited_back_at = models.DateTimeField(null=True, blank=True)
    mentor_done_at = models.DateTimeField(null=True, blank=True)
    mentee_done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        verbose_name = "relationship"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]),
                name="mentorship_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(mentor=F("mentee")), name="mentorship_not_with_oneself"
            ),
            models.UniqueConstraint(
                fields=["mentor", "mentee"],
                condition=Q(state__in=sorted(state.value for state in OPEN)),
                name="one_open_mentorship_a_direction",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mentor", "state"], name="mentorship_of_mentor"),
            models.Index(fields=["mentee", "state"], name="mentorship_of_mentee"),
            models.Index(
                fields=["waiting_since"],
                name="mentorship_unanswered",
                condition=Q(state__in=sorted(state.value for state in UNANSWERED)),
            ),
            models.Index(
                fields=["waiting_since"],
                name="mentorship_on_the_ladder",
                condition=Q(state=State.PROPOSED.value, paused_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} mentors {self.mentee}"

    def get_absolute_url(self) -> str:
        """The page of this mentorship."""
        return reverse("mentorships:detail", args=[self.pk])

    @property
    def is_active(self) -> bool:
        """Whether the two work together now: the only time when contact details are open (D1)."""
        return self.state == State.ACTIVE

    @property
    def reason_text(self) -> str:
        """The reason of a decline as a sentence, empty where none was given."""
        return REASONS[Reason(self.reason)] if self.reason else ""


class WaitingPlace(Identified):
    """A mentee who waits for a full mentor to have a place again (product B10)."""

    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="waiting_list"
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="waiting_places"
    )
    joined_at = models.DateTimeField(default=now)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["joined_at", "id"]
        verbose_name = "place on a waiting list"
        verbose_name_plural = "waiting lists"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mentor", "mentee"], name="waiting_place_once"),
            models.CheckConstraint(
                condition=~Q(mentor=F("mentee")), name="waiting_not_for_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentee} waits for {self.mentor}"


class Revision(Identified):
    """What was asked, as it stood from one moment on (product C2). Never changed."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="revisions")
    area = models.CharField(max_length=60, blank=True)
    area_label = models.CharField(max_length=160, blank=True)
    statement = models.TextField(max_length=STATEMENT_LENGTH)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.area_label} ({self.at:%Y-%m-%d %H:%M})"


class MentorshipStep(Identified):
    """One line of history: who did what when. Never changed."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="steps")
    action = models.CharField(max_length=16, choices=ACTIONS)
    before = models.CharField(max_length=16, blank=True, choices=STATES)
    after = models.CharField(max_length=16, choices=STATES)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mentorship_steps",
    )
    role = models.CharField(max_length=10)
    at = models.DateTimeField(default=now)
    note = models.TextField(blank=True, help_text="Words that both of them read.")
    staff_note = models.TextField("reason told to staff", blank=True)
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="steps"
    )

    class Meta:
        ordering: ClassVar = ["at", "id"]
        verbose_name = "step"
        verbose_name_plural = "history"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(after__in=[state.value for state in State]),
                name="mentorship_step_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} ({self.before or 'new'} to {self.after})"
