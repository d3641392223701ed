"""Who is asked, what they answered, and who wants to be written to (product E10)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.feedback.rules.results import CHANGE_WITHIN
from core.feedback.rules.survey import LONGEST_TEXT, Survey
from core.kernel.clock import now
from core.kernel.models import Identified
from core.mentorships.models import Mentorship
from core.programme.models import Edition

MOMENTS = [("completion", "At the end"), ("midpoint", "On the way")]
ROLES = [("mentor", "Mentor"), ("mentee", "Mentee")]


class Invitation(Identified):
    """One person is asked about one round of one relationship, with the survey of that day."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations_to_feedback"
    )
    role = models.CharField(max_length=10, choices=ROLES)
    moment = models.CharField(max_length=12, choices=MOMENTS, default="completion")
    survey = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    # When this round of the relationship began: one that is taken up again is asked about anew.
    round_began = models.DateTimeField(default=now)
    ended_early = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    # A later question about the same relationship has taken the place of this one.
    closed_at = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        verbose_name = "invitation to feedback"
        verbose_name_plural = "invitations to feedback"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mentorship", "person", "moment", "round_began"], name="asked_once_a_round"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                name="feedback_waiting",
                condition=Q(answered_at=None, declined_at=None, closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()}: {self.person}"

    def get_absolute_url(self) -> str:
        """The page where this is answered."""
        return reverse("feedback:answer", args=[self.mentorship_id])

    @property
    def questions(self) -> Survey:
        """The survey that this person is asked."""
        return Survey.model_validate(self.survey.document)

    @property
    def is_open(self) -> bool:
        """Whether an answer is still waited for."""
        return self.answered_at is None and self.declined_at is None and self.closed_at is None


class Reply(Identified):
    """What one person answered. The partner never reads it; staff read results without names."""

    invitation = models.OneToOneField(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="reply"
    )
    survey = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=12, choices=MOMENTS, default="completion")
    role = models.CharField(max_length=10, choices=ROLES)
    # Tells answers of one person from those of several; it outlives the account and names nobody.
    respondent = models.UUIDField()
    given_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    changes = models.PositiveSmallIntegerField(default=1)
    answers = models.JSONField(default=dict)
    concern = models.TextField(blank=True, max_length=LONGEST_TEXT)
    # Went to the team under the member's name, so it never stands among the results.
    sent_to_team = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["given_at", "id"]
        verbose_name = "reply"
        verbose_name_plural = "replies"
        indexes: ClassVar = [models.Index(fields=["moment", "given_at"], name="reply_in_time")]

    def __str__(self) -> str:
        return f"Reply of a {self.role}"

    @property
    def can_change(self) -> bool:
        """Whether whoever gave it may still change it."""
        return now() < self.given_at + CHANGE_WITHIN


class WishState(models.TextChoices):
    """How far the programme team is."""

    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"


class ContactWish(Identified):
    """Somebody wrote what went wrong and wants the programme team to get in touch."""

    reply = models.OneToOneField(
        Reply, on_delete=models.SET_NULL, null=True, blank=True, related_name="wish"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes_for_contact"
    )
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=LONGEST_TEXT)
    state = models.CharField(max_length=10, choices=WishState.choices, default=WishState.OPEN.value)
    made_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.TextField("what was done", blank=True, max_length=LONGEST_TEXT)

    class Meta:
        ordering: ClassVar = [F("answered_at").asc(nulls_first=True), "-made_at"]
        verbose_name = "wish to be contacted"
        verbose_name_plural = "wishes to be contacted"

    def __str__(self) -> str:
        return f"{self.person} asks to be contacted"


class SurveyDraft(Identified):
    """The next version of a survey while staff write it: one a survey, for the whole team."""

    key = models.CharField(max_length=40, unique=True)
    document = models.JSONField(default=dict)
    saves = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "draft of a survey"
        verbose_name_plural = "drafts of surveys"

    def __str__(self) -> str:
        return f"Draft: {self.key}"
