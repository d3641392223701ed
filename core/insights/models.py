"""What figures are read from: facts a person, facts a pair, and counts a month.

The facts and the counts are made anew from the institute's own rows (`services.counting`): nothing
is lost when they are, and nothing here is the only place of anything. `Searcher` and `Nudge` are
the exceptions: they hold what no other table tells.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from core.insights.rules import LONGEST_SEGMENT, Side
from core.kernel.clock import now
from core.kernel.models import Identified
from core.mentorships.models import Mentorship

SIDES = [
    (Side.MEMBER.value, "Member"),
    (Side.MENTEE.value, "Mentee"),
    (Side.MENTOR.value, "Mentor"),
]


class Searcher(Identified):
    """That somebody looked for a mentor, and on how many days. Not what they looked for."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    first_on = models.DateField()
    last_on = models.DateField()
    days = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.days} days"


class Nudge(Identified):
    """A kindly word of the programme team to whoever is waited for. Never changed."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["mentorship", "-at"], name="nudge_latest")]

    def __str__(self) -> str:
        return f"{self.person_id} about {self.mentorship_id}"


class MemberFacts(Identified):
    """How far somebody has come: one row as a member, and one in each role that they have.

    reached: the furthest step of the road of that side (`rules.ROADS`). `open`: a mentor with a
    place, a mentee without a mentor. `segments`: answers to fields with a list, "region=wales".
    Made anew by itself, so it never stands in the way of whoever removes a person.
    """

    is_derived: ClassVar = True

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    side = models.CharField(max_length=8, choices=SIDES)
    active = models.BooleanField(default=True)
    listed = models.BooleanField(default=False)
    open = models.BooleanField(default=False)
    reached = models.PositiveSmallIntegerField(default=0)
    joined_on = models.DateField()
    complete_on = models.DateField(null=True)
    searched_on = models.DateField(null=True)
    requested_on = models.DateField(null=True)
    matched_on = models.DateField(null=True)
    talked_on = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    over_on = models.DateField(null=True)
    again_on = models.DateField(null=True)
    seen_on = models.DateField(null=True)
    segments = ArrayField(models.CharField(max_length=LONGEST_SEGMENT), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "side"], name="facts_once_a_side"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["side", "joined_on"], name="facts_by_day"),
            models.Index(
                fields=["over_on"], name="facts_over", condition=models.Q(over_on__isnull=False)
            ),
            GinIndex(fields=["segments"], name="facts_by_segment"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.side}"


class PairFacts(Identified):
    """When a mentee asked a mentor, and what became of it. Days of the institute's calendar."""

    mentorship = models.OneToOneField(Mentorship, on_delete=models.CASCADE, related_name="+")
    sent_on = models.DateField()
    answer_hours = models.PositiveIntegerField(null=True)
    matched_on = models.DateField(null=True)
    talked_on = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    over_on = models.DateField(null=True)
    running = models.BooleanField(default=False)
    segments = ArrayField(models.CharField(max_length=LONGEST_SEGMENT), default=list)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sent_on"], name="pair_sent"),
            models.Index(
                fields=["matched_on"],
                name="pair_matched",
                condition=models.Q(matched_on__isnull=False),
            ),
            models.Index(
                fields=["completed_on"],
                name="pair_completed",
                condition=models.Q(completed_on__isnull=False),
            ),
            models.Index(
                fields=["matched_on"], name="pair_running", condition=models.Q(running=True)
            ),
            GinIndex(fields=["segments"], name="pair_by_segment"),
        ]

    def __str__(self) -> str:
        return str(self.mentorship_id)


class Tally(Identified):
    """How many of a kind there were in a month, in all and in each segment.

    segment: "" for everybody. month: its first day; `rules.PRESENT` for what holds now. measure
    and key: what was counted ("mentee", step "3"; "answer", bucket "24").
    """

    segment = models.CharField(max_length=LONGEST_SEGMENT, blank=True)
    month = models.DateField()
    measure = models.CharField(max_length=24)
    key = models.CharField(max_length=140, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["segment", "month", "measure", "key"],
                include=["count"],
                name="tally_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.month:%Y-%m} {self.measure} {self.key}: {self.count}"


class Counting(Identified):
    """When the figures were last counted. One row a site."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    at = models.DateTimeField(default=now)
    first_month = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(only=True), name="one_counting"),
        ]

    def __str__(self) -> str:
        return f"counted at {self.at:%Y-%m-%d %H:%M}"
