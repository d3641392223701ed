"""Guides, and the marks of who has read them."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified
from core.programme.models import Worded

AUDIENCES = [("everyone", "Everyone"), ("mentee", "Mentees"), ("mentor", "Mentors")]
STAGES = [
    ("any", "Any time"),
    ("start", "Before you start"),
    ("first_conversation", "First conversation"),
    ("progression", "Progression"),
    ("completion", "Completion"),
]
SLUG = RegexValidator(
    r"^[a-z0-9][a-z0-9-]{0,79}\Z", "Use small letters, digits and hyphens, no hyphen first."
)


class Guide(Worded, Identified):
    """A text to learn from, in Markdown."""

    worded = ("title", "summary", "topic", "body")

    slug = models.CharField(max_length=80, unique=True, validators=[SLUG])
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    body = models.TextField(
        max_length=60_000,
        help_text="Markdown. Write {{ request }}, {{ requests }} or {{ a_request }} for the "
        "programme's own word.",
    )
    audience = models.CharField("for", max_length=10, choices=AUDIENCES, default="everyone")
    topic = models.CharField(max_length=60)
    stage = models.CharField(max_length=20, choices=STAGES, default="any")
    order = models.PositiveSmallIntegerField(default=100)
    required = models.BooleanField(
        "to be read first",
        default=False,
        help_text="Where the programme asks for guides first, the profile opens after these.",
    )
    active = models.BooleanField("shown", default=True)

    class Meta:
        ordering: ClassVar = ["order", "slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("resources:guide", args=(self.slug,))


class GuideRead(Identified):
    """A person has marked a guide as read."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guides_read")
    read_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "guide read"
        verbose_name_plural = "guides read"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guide", "person"], name="guide_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.guide} read by {self.person}"
