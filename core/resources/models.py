"""Guides with their pictures and videos, and the marks of who has read them."""

from typing import Any, ClassVar

from django.core.files.storage import default_storage
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified
from core.programme.models import Worded
from core.resources import rules

AUDIENCES = [("everyone", "Everyone"), ("mentee", "Mentees"), ("mentor", "Mentors")]
STAGE = RegexValidator(r"^[a-z][a-z0-9_]{0,47}\Z", "Use small letters, digits and underscores.")
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
        "programme's own word, and ![what it shows](key) for one of your pictures.",
    )
    audience = models.CharField("for", max_length=10, choices=AUDIENCES, default="everyone")
    topic = models.CharField(max_length=60)
    stage = models.CharField(max_length=48, default="any", validators=[STAGE])
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


class Picture(Identified):
    """A picture that guides show by its key; drawn anew by us, or a cleaned drawing."""

    key = models.CharField(max_length=80, unique=True, validators=[SLUG])
    alt = models.CharField(
        "what it shows",
        max_length=300,
        help_text="For people who cannot see it, and for everybody while it loads.",
    )
    stored_as = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=40, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)

    class Meta:
        verbose_name = "picture"
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("resources:picture", args=(self.key,))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """The file goes with the row, once the row is really gone."""
        name = self.stored_as
        gone = super().delete(*args, **kwargs)
        transaction.on_commit(lambda: default_storage.delete(name))
        return gone


class Video(Worded, Identified):
    """A video under a guide: a file of our own, or a page elsewhere that is only linked to."""

    worded = ("title", "transcript")

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="videos")
    title = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField("length in minutes", null=True, blank=True)
    link = models.CharField(
        "web page of the video",
        max_length=300,
        blank=True,
        help_text="For a video that is elsewhere. Nothing is loaded from there until a reader "
        "chooses to go.",
    )
    stored_as = models.CharField(max_length=200, blank=True, editable=False)
    content_type = models.CharField(max_length=40, blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    captions = models.TextField(max_length=400_000, blank=True, editable=False)
    transcript = models.TextField(
        max_length=60_000,
        blank=True,
        help_text="What is said, as text (Markdown), for people who read rather than watch.",
    )

    class Meta:
        verbose_name = "video"
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(link="", stored_as__gt="") | models.Q(link__gt="", stored_as=""),
                name="video_here_or_elsewhere",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def host(self) -> str:
        """Where a linked video is."""
        return rules.host_of(self.link)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """The file goes with the row, once the row is really gone."""
        name = self.stored_as
        gone = super().delete(*args, **kwargs)
        if name:
            transaction.on_commit(lambda: default_storage.delete(name))
        return gone
