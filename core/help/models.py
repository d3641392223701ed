"""What the institute answers before anybody has to ask."""

from typing import ClassVar
from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from core.kernel.models import Identified
from core.programme.models import Worded

AUDIENCES = [("everyone", "Everyone"), ("mentee", "Mentees"), ("mentor", "Mentors")]
SLUG = RegexValidator(
    r"^[a-z][a-z0-9-]{1,40}\Z", "Use small letters, digits and hyphens, a letter first."
)
PLACEHOLDERS_HELP = (
    "Markdown. Write {{ request }}, {{ requests }} or {{ a_request }} for the programme's own word."
)


def own_key() -> str:
    """The key of a question that staff wrote themselves."""
    return f"own-{uuid4().hex}"


class Faq(Worded, Identified):
    """A question and its answer."""

    worded = ("topic", "question", "answer")

    key = models.CharField(max_length=80, unique=True, default=own_key, editable=False)
    audience = models.CharField(
        "for", max_length=10, choices=AUDIENCES, default="everyone", db_index=True
    )
    topic = models.CharField(max_length=60)
    question = models.CharField(max_length=200)
    answer = models.TextField(max_length=20_000, help_text=PLACEHOLDERS_HELP)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        verbose_name = "question and answer"
        verbose_name_plural = "questions and answers"
        ordering: ClassVar = ["order", "key"]

    def __str__(self) -> str:
        return self.question


class LegalPage(Worded, Identified):
    """A page that the footer leads to: privacy, accessibility, terms."""

    worded = ("title", "body")

    slug = models.CharField(max_length=41, unique=True, validators=[SLUG])
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=60_000, help_text=PLACEHOLDERS_HELP)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "legal page"
        verbose_name_plural = "legal pages"
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("help:legal", args=(self.slug,))
