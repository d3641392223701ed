"""A canvas of two partners, its history, and what somebody wrote that waits for a choice."""

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.accounts.models import Person
from core.canvases.rules import TITLE, TITLE_LENGTH, Box, Design
from core.kernel.clock import now
from core.kernel.models import Identified
from core.mentorships.models import Mentorship
from core.programme.models import Edition


class Sheet(Identified):
    """One filled-in canvas. It keeps the version of the design with which it began."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="canvases")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=TITLE_LENGTH)
    texts = models.JSONField(default=dict)
    # Who wrote what stands in each box: {key of the box: key of the person}.
    writers = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        verbose_name = "canvas"
        verbose_name_plural = "canvases"
        indexes: ClassVar = [
            models.Index(fields=["mentorship", "kind"], name="canvas_of_mentorship"),
            models.Index(
                fields=["removed_at"],
                name="canvas_removed",
                condition=models.Q(removed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of this canvas."""
        return reverse("canvases:sheet", args=[self.pk])

    @property
    def design(self) -> Design:
        """The design with which it began."""
        return Design.model_validate(self.edition.document)

    def standing(self) -> dict[str, str]:
        """The title and the text of every box, by key."""
        boxes = {box.key: str(self.texts.get(box.key, "")) for box in self.design.boxes}
        return {TITLE: self.title, **boxes}

    def filled(self) -> Iterator[tuple[Box, str]]:
        """The boxes in their order, with what stands in them."""
        for box in self.design.boxes:
            yield box, str(self.texts.get(box.key, ""))

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written on it yet."""
        return not any(text.strip() for _, text in self.filled())

    def partner_of(self, person: Person) -> Person:
        """The other one of the two."""
        two = self.mentorship
        return two.mentee if person.pk == two.mentor_id else two.mentor


class Version(Identified):
    """A canvas as somebody saved it; what is saved while they type gathers in one of them."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH)
    texts = models.JSONField(default=dict)
    began_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(default=now)
    gathers = models.BooleanField(default=False)
    from_number = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        verbose_name = "version of a canvas"
        verbose_name_plural = "versions of canvases"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "number"], name="canvas_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Aside(Identified):
    """What somebody wrote into a box that the partner had changed meanwhile: kept, for them
    alone, until they choose what stands there."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="asides")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    base = models.CharField(max_length=16)
    text = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "text beside a canvas"
        verbose_name_plural = "texts beside canvases"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "person", "key"], name="canvas_aside_once")
        ]

    def __str__(self) -> str:
        return f"aside {self.pk}"
