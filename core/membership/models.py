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
    closed_by_scim: SCIM closed the account, so SCIM may open it.
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
