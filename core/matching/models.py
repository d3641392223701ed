"""What mentors are searched by, and the index of mentors."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.kernel.clock import now
from core.kernel.models import Identified
from core.matching.rules import RESERVED
from core.profiles.models import Field
from core.profiles.rules import Audience, Kind, Visibility

SEARCHABLE = frozenset({Kind.CHOICE.value, Kind.CHOICES.value, Kind.BOOLEAN.value})
HEAVIEST = 100


class WordsField(models.Field[Iterable[str], list[str]]):
    """A sorted set of short words in a `tsvector`, so that one index answers and, or and not."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        # An expression (a bulk update's CASE) carries words that are converted already.
        return "%s" if hasattr(value, "as_sql") else "array_to_tsvector(%s::text[])"

    def get_prep_value(self, value: Iterable[str]) -> list[str]:
        return sorted(set(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> list[str]:
        return words_in(value or "")


def words_in(written: str) -> list[str]:
    """The words of a `tsvector` as the database writes it: `'areas=cv' 'region=wales'`."""
    return [
        word.replace("''", "'").replace("\\\\", "\\")
        for word in re.findall(r"'((?:[^']|'')*)'", written)
    ]


class Criterion(Identified):
    """A profile field that mentors are searched by (product B3).

    `mentor_field` holds what mentors offer; `mentee_field` what the search starts from, usually
    the same field. Two fields share their answers by the options' keys.
    """

    mentor_field = models.OneToOneField(
        Field, on_delete=models.CASCADE, related_name="criterion", verbose_name="mentors' field"
    )
    mentee_field = models.ForeignKey(
        Field,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mentees' field",
        help_text="What a mentee's search starts from. Empty: it starts from “Any”.",
    )
    weight = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(HEAVIEST)],
        help_text="How much it counts: a criterion with 2 counts as much as two with 1.",
    )
    exact_allowed = models.BooleanField(
        "exact matching", default=True, help_text="Mentees may make it a must."
    )
    any_label = models.CharField(
        "name of “any”", max_length=80, blank=True, help_text="For example “Any region”."
    )
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "matching criterion"
        verbose_name_plural = "matching criteria"
        ordering: ClassVar = ["order", "mentor_field__order", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=HEAVIEST), name="criterion_weight_in_range"
            )
        ]

    def __str__(self) -> str:
        return self.mentor_field.label

    def clean(self) -> None:
        """Refuse fields that cannot be compared or that would tell what is not for everyone."""
        problems: dict[str, str] = {}
        sides = (
            ("mentor_field", "mentor_field_id", Audience.MENTOR),
            ("mentee_field", "mentee_field_id", Audience.MENTEE),
        )
        for name, column, role in sides:
            if getattr(self, column, None) is None:
                continue
            one: Field = getattr(self, name)
            if one.kind not in SEARCHABLE:
                problems[name] = (
                    "Only fields with a list of answers, or yes and no, can be matched."
                )
            elif one.audience not in (role.value, Audience.BOTH.value):
                problems[name] = f"This field is not asked of {role.value}s."
        if "mentor_field" not in problems and self.mentor_field_id is not None:
            if self.mentor_field.visible_to != Visibility.EVERYONE.value:
                problems["mentor_field"] = (
                    "The search would tell every mentee the answers. Choose a field that "
                    "everyone may see."
                )
            elif self.mentor_field.key in RESERVED:
                problems["mentor_field"] = "The search uses this field's key for itself."
        if problems:
            raise ValidationError(problems)


class Listing(Identified):
    """A mentor in the search index: one row a person, kept by `services.relist`.

    tokens: the answers to the criteria's fields as words (`region=north_west`).
    listed: can be found at all: active, a mentor, complete and available.
    taken, room: mentees at present, and how many more there may be (product B10).
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="listing"
    )
    tokens = WordsField(default=list)
    listed = models.BooleanField(default=False)
    taken = models.PositiveSmallIntegerField(default=0)
    room = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "mentor listing"
        ordering: ClassVar = ["person__last_name", "person__first_name", "id"]
        indexes: ClassVar = [
            # Without the pending list a search never reads answers that are not sorted in yet.
            GinIndex(
                fields=["tokens"],
                name="listing_tokens",
                condition=Q(listed=True),
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
