"""What the society says about people, and the keys by which it says it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified
from core.membership.rules import LONGEST_NUMBER, LONGEST_SUBJECT, Source, Status


class Member(Identified):
    """How a person stands with the society.

    out_at: when they were withdrawn from everything. seen_at: when the society last spoke of
    them. facts: what else it said. user_name: the name under which SCIM knows them.
    closed_by_scim: SCIM closed the account, so SCIM may open it. gone_at: SCIM deleted them.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="membership")
    number = models.CharField("membership number", max_length=LONGEST_NUMBER, blank=True)
    status = models.CharField(
        max_length=10,
        choices=[(one.value, one.value.capitalize()) for one in Status],
        default=Status.CURRENT.value,
    )
    source = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Source])
    lapsed_at = models.DateTimeField(null=True, blank=True)
    grace_until = models.DateTimeField(null=True, blank=True)
    out_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(default=now)
    user_name = models.CharField(max_length=LONGEST_SUBJECT, blank=True)
    closed_by_scim = models.BooleanField(default=False)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "membership"
        ordering = ("-seen_at", "-id")
        indexes: ClassVar = [
            models.Index(fields=("status", "grace_until"), name="member_by_status"),
            models.Index(fields=("number",), name="member_by_number"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[one.value for one in Status]), name="member_status_known"
            ),
            models.UniqueConstraint(
                Lower("user_name"), name="member_user_name_once", condition=~Q(user_name="")
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class Tie(Identified):
    """The key under which one issuer knows a member: their account is found by it alone."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="ties")
    issuer = models.CharField(max_length=80)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "key of a member"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("issuer", "subject"), name="tie_subject_once"),
            models.UniqueConstraint(fields=("member", "issuer"), name="tie_issuer_once"),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"


class Key(Identified):
    """A secret that the society's site signs its hand-overs with. It is shown once.

    kid: how tickets name it. ends_at: when a key that was followed by another stops being good.
    """

    kid = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    sealed = models.TextField()
    made_at = models.DateTimeField(default=now)
    made_by_name = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "key of the hand-over"
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return self.label

    @property
    def is_good(self) -> bool:
        """Whether tickets that name it are read."""
        return self.withdrawn_at is None and (self.ends_at is None or self.ends_at > now())


class UsedTicket(Identified):
    """A hand-over that has been used: a digest, kept until the ticket has ended by itself."""

    digest = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "used hand-over"

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class Token(Identified):
    """What the society's system shows at our SCIM door: a digest, never the token itself."""

    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    made_at = models.DateTimeField(default=now)
    made_by_name = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "token of the society's system"
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return self.label

    @property
    def full_name(self) -> str:
        """How the audit trail names whoever comes with it."""
        return f"SCIM ({self.label})"


class Feed(Identified):
    """Where we ask the society for its members (one row at most). The token is sealed.

    seen_until: the moment from which the next round asks for changes. cursor: where a round that
    was not finished goes on, and next_from: what its successor will ask from.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    url = models.URLField("address", max_length=300)
    sealed_token = models.TextField()
    makes_accounts = models.BooleanField(default=False)
    is_on = models.BooleanField(default=True)
    seen_until = models.DateTimeField(null=True, blank=True)
    cursor = models.CharField(max_length=500, blank=True)
    next_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "source of members"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(only=True), name="feed_is_only_one")
        ]

    def __str__(self) -> str:
        return "source of members"


class Run(Identified):
    """One round in which we asked the society, and what came of it.

    counts: {"made", "changed", "same", "elsewhere", "refused"}; problems: [[number, sentence]], the
    first ones.
    """

    begun_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    went_well = models.BooleanField(default=False)
    counts = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)
    message = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "round of asking for members"
        ordering = ("-begun_at", "-id")

    @property
    def words(self) -> str:
        """What came of it: "2 new, 1 changed, 40 as before"."""
        named = {"made": "new", "changed": "changed", "same": "as before",
                 "elsewhere": "without an account here", "refused": "not taken"}  # fmt: skip
        parts = [f"{self.counts.get(key, 0):,} {word}" for key, word in named.items()]
        return ", ".join(part for part in parts if not part.startswith("0 ")) or "nobody"

    def __str__(self) -> str:
        return f"round of {self.begun_at:%Y-%m-%d %H:%M}"
