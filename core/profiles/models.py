"""The institute's profile fields and the answers of its people."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from core.kernel.models import Identified
from core.profiles.rules import CAPACITY_LIMIT, Audience, Kind, Visibility

KEY = RegexValidator(
    r"^[a-z][a-z0-9_]{0,59}\Z", "Use small letters, numbers and underscores, a letter first."
)

KINDS = [
    (Kind.SHORT_TEXT.value, "Short text"),
    (Kind.LONG_TEXT.value, "Long text"),
    (Kind.CHOICE.value, "One of a list"),
    (Kind.CHOICES.value, "Many of a list"),
    (Kind.NUMBER.value, "Number"),
    (Kind.BOOLEAN.value, "Yes or no"),
    (Kind.DATE.value, "Date"),
    (Kind.LINK.value, "Web address"),
]
AUDIENCES = [
    (Audience.MENTOR.value, "Mentors"),
    (Audience.MENTEE.value, "Mentees"),
    (Audience.BOTH.value, "Mentors and mentees"),
]
VISIBILITIES = [
    (Visibility.EVERYONE.value, "Everyone"),
    (Visibility.PARTNER.value, "Matched partner"),
    (Visibility.STAFF.value, "Programme staff"),
]
ROLES = [(Audience.MENTOR.value, "Mentor"), (Audience.MENTEE.value, "Mentee")]


class Section(Identified):
    """A headed part of the profile form."""

    key = models.CharField(max_length=60, unique=True, validators=[KEY])
    label = models.CharField(max_length=120)
    help = models.TextField(blank=True)
    audience = models.CharField(max_length=10, choices=AUDIENCES, default=Audience.BOTH.value)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "key"]

    def __str__(self) -> str:
        return self.label


class Field(Identified):
    """One question of the profile form."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="fields")
    key = models.CharField(max_length=60, unique=True, validators=[KEY])
    label = models.CharField(max_length=160)
    help = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    audience = models.CharField(max_length=10, choices=AUDIENCES, default=Audience.BOTH.value)
    required = models.BooleanField(default=False)
    visible_to = models.CharField(
        max_length=10, choices=VISIBILITIES, default=Visibility.EVERYONE.value
    )
    order = models.PositiveSmallIntegerField(default=0)
    max_length = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(20_000)],
        help_text="Texts and links: the longest answer, in characters.",
    )
    minimum = models.IntegerField(
        null=True, blank=True, help_text="Numbers: the smallest. Many of a list: the fewest."
    )
    maximum = models.IntegerField(
        null=True, blank=True, help_text="Numbers: the largest. Many of a list: the most."
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["section__order", "section__key", "order", "key"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuse limits that no answer can meet, and sections that the audience never sees."""
        if None not in (self.minimum, self.maximum) and self.minimum > self.maximum:  # type: ignore[operator]
            raise ValidationError({"maximum": "The largest is smaller than the smallest."})
        section = Section.objects.filter(pk=self.section_id).first()
        if section and section.audience not in (Audience.BOTH, self.audience):
            raise ValidationError({"audience": "The section is not shown to these people."})


class Option(Identified):
    """One answer that a field with a list offers."""

    field = models.ForeignKey(Field, on_delete=models.CASCADE, related_name="options")
    key = models.CharField(max_length=60, validators=[KEY])
    label = models.CharField(max_length=160)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["order", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["field", "key"], name="option_key_once_a_field")
        ]

    def __str__(self) -> str:
        return self.label


class Profile(Identified):
    """A person's answers in one role: `answers` holds {field key: value}, option keys for lists."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profiles"
    )
    role = models.CharField(max_length=10, choices=ROLES)
    answers = models.JSONField(default=dict, blank=True)
    complete = models.BooleanField(default=False)
    completed_at = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(CAPACITY_LIMIT)],
        help_text="Mentors: how many mentees at once. Empty: the programme's usual number.",
    )
    available = models.BooleanField(default=True)
    back_on = models.DateField(
        "back on", null=True, blank=True, help_text="Unavailable mentors: available from this day."
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "role"], name="one_profile_a_role"),
            models.CheckConstraint(
                condition=models.Q(role__in=[Audience.MENTOR.value, Audience.MENTEE.value]),
                name="profile_role_known",
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True)
                | models.Q(capacity__gte=1, capacity__lte=CAPACITY_LIMIT),
                name="profile_capacity_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"
