"""Runs over the whole pool: their choices, the draft of each, and what became of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.models import Identified
from core.pairing.rules import Choices, Reason
from core.pairing.states import State

STATES = [
    (State.ORDERED.value, "Being worked out"),
    (State.DRAFT.value, "Draft"),
    (State.PUBLISHED.value, "Published"),
    (State.DISCARDED.value, "Discarded"),
]
REASONS = [
    (Reason.MUST.value, "A must that nobody meets"),
    (Reason.BELOW.value, "Nobody close enough"),
    (Reason.BARRED.value, "Blocked, or tried before"),
    (Reason.FULL.value, "Who fits is full"),
    (Reason.TAKEN.value, "Who fits goes to others"),
    (Reason.NOBODY.value, "Nobody can be found"),
    (Reason.INCOMPLETE.value, "Profile not complete"),
    (Reason.EXCLUDED.value, "Left out by the team"),
    (Reason.APART.value, "Taken apart by the team"),
    (Reason.WAITING.value, "Waits for the next solving"),
]


class Standing(models.TextChoices):
    """How a pair came into the draft, and whether solving again may change it."""

    SOLVED = "solved", "Found"
    PINNED = "pinned", "Kept"
    BY_HAND = "by_hand", "Chosen by hand"
    APART = "apart", "Taken apart"


class Role(models.TextChoices):
    """In which role somebody is left out."""

    MENTOR = "mentor", "Mentor"
    MENTEE = "mentee", "Mentee"


class Pool(Identified):
    """One run. `changes` counts what was done to the draft, so that nobody publishes another."""

    state = models.CharField(max_length=12, choices=STATES, default=State.ORDERED.value)
    document = models.JSONField("choices", default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=now, db_index=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)
    at_once = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        verbose_name = "match of the whole pool"
        verbose_name_plural = "matches of the whole pool"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="pool_state_known"
            )
        ]

    def __str__(self) -> str:
        return f"Match of the whole pool, {self.made_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """The page of this run."""
        return reverse("staff:pairing_run", args=[self.pk])

    @property
    def choices(self) -> Choices:
        """What was chosen for this run."""
        return Choices.model_validate(self.document)


class PairDraft(Identified):
    """Two who go together in a draft, with the receipt as it was when they were put together."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="pairs")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    standing = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.SOLVED.value
    )
    points = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField(default=0)
    share = models.PositiveSmallIntegerField(default=0)
    receipt = models.JSONField(default=dict)
    mentorship = models.ForeignKey(
        "mentorships.Mentorship", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["share", "mentee__last_name", "mentee__first_name", "id"]
        verbose_name = "pair of a draft"
        verbose_name_plural = "pairs of a draft"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pool", "mentee"],
                condition=~Q(standing=Standing.APART.value),
                name="one_mentor_a_mentee_in_a_draft",
            ),
            models.UniqueConstraint(
                fields=["pool", "mentee", "mentor"], name="pair_once_in_a_draft"
            ),
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="pair_not_with_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} for {self.mentee}"

    @property
    def is_kept(self) -> bool:
        """Whether solving again leaves it as it is."""
        return self.standing in (Standing.PINNED, Standing.BY_HAND)


class LeftOut(Identified):
    """A mentee of the pool who has nobody in the draft, and why."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="left_out")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=12, choices=REASONS)
    detail = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering: ClassVar = ["reason", "mentee__last_name", "mentee__first_name", "id"]
        verbose_name = "left out of a draft"
        verbose_name_plural = "left out of a draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "mentee"], name="left_out_once")
        ]

    def __str__(self) -> str:
        return f"{self.mentee}: {self.get_reason_display()}"


class Exclusion(Identified):
    """Somebody whom staff keep out of one run."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="exclusions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        ordering: ClassVar = ["role", "person__last_name", "person__first_name", "id"]
        verbose_name = "kept out of a run"
        verbose_name_plural = "kept out of a run"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "person", "role"], name="excluded_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"
