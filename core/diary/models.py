"""Entries of a learning diary. They are their writer's alone: no staff page, no audit, no mail."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import GeneratedField, Q
from django.urls import reverse

from core.diary import rules
from core.diary.rules import Prompt
from core.kernel.clock import now
from core.kernel.models import Identified
from core.mentorships.models import Mentorship


def _searched() -> Any:
    """English stems find "meeting" by "meetings"; plain words find every other language."""
    vector: Any = SearchVector("title", weight="A", config="english")
    for name, weight, config in (
        ("title", "A", "simple"),
        ("prompt_label", "B", "simple"),
        ("text", "C", "english"),
        ("text", "C", "simple"),
    ):
        vector += SearchVector(name, weight=weight, config=config)
    return vector


class Entry(Identified):
    """Something that somebody wrote for themselves (product E13, decision 3)."""

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    written_on = models.DateField()
    title = models.CharField(max_length=rules.TITLE_LENGTH)
    text = models.TextField(max_length=rules.TEXT_LENGTH)
    is_markdown = models.BooleanField(default=False)
    themes = ArrayField(models.CharField(max_length=rules.THEME_LENGTH), default=list, blank=True)
    prompt_kind = models.CharField(max_length=20, blank=True)
    prompt_key = models.CharField(max_length=rules.KEY_LENGTH, blank=True)
    prompt_label = models.CharField(max_length=rules.LABEL_LENGTH, blank=True)
    mentorship = models.ForeignKey(
        Mentorship, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    # Out of sight at once; forgotten a day later, so that there is a way back.
    deleted_at = models.DateTimeField(null=True, blank=True)
    # The form it came from, so that a second click makes no second entry.
    form_key = models.UUIDField(null=True, blank=True)
    searched = GeneratedField(
        expression=_searched(), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering: ClassVar = ["-written_on", "-id"]
        verbose_name = "diary entry"
        verbose_name_plural = "diary entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["writer", "form_key"], name="diary_entry_once_a_form"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["writer", "-written_on", "-id"],
                name="diary_by_time",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["deleted_at"],
                name="diary_to_forget",
                condition=Q(deleted_at__isnull=False),
            ),
            GinIndex(fields=["searched"], name="diary_searched"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"

    def get_absolute_url(self) -> str:
        """The page of this entry."""
        return reverse("diary:entry", args=[self.pk])

    @property
    def excerpt(self) -> str:
        """Its first words, for a list."""
        return rules.beginning_of(self.text, is_markdown=self.is_markdown)

    @property
    def prompt(self) -> Prompt:
        """What it was written after, if anything."""
        return Prompt(self.prompt_kind, self.prompt_key, self.prompt_label)


class Draft(Identified):
    """What somebody is writing now: a new entry, or a change of one. Gone when it is saved."""

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.CASCADE)
    title = models.CharField(max_length=rules.TITLE_LENGTH, blank=True)
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "draft of a diary entry"
        verbose_name_plural = "drafts of diary entries"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["writer", "entry"], name="one_draft_an_entry", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
