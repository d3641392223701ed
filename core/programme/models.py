"""The singleton row that holds an institute's settings."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from core.kernel.clock import now
from core.kernel.models import Identified
from core.programme.rules import Front, LegalLink, Menus, Policies, Words, unknown_placeholders


class Programme(Identified):
    """One row a site. JSON columns hold the shapes of `core.programme.rules`."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    programme_name = models.CharField(max_length=120)
    organisation_name = models.CharField(max_length=160)
    organisation_article = models.CharField(
        max_length=3, blank=True, choices=[("", "none"), ("the", "the")]
    )
    tagline = models.CharField(max_length=160, blank=True)
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField()
    mail_sender_name = models.CharField(max_length=120)
    mail_sender_address = models.EmailField()
    mail_footer = models.TextField(blank=True, max_length=600)
    time_zone = models.CharField(max_length=60, default="Europe/London")
    typical_length = models.CharField(max_length=120, blank=True)
    front_data = models.JSONField(default=dict)
    words_data = models.JSONField(default=dict)
    menus_data = models.JSONField(default=dict)
    policies_data = models.JSONField(default=dict)
    legal_data = models.JSONField(default=list)
    # Which versions of the legal pages everybody is asked to agree to, and from when
    # (`core.privacy`): here, because every page looks at it and this row is read anyway.
    asked_data = models.JSONField(default=dict, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "programme"
        verbose_name_plural = "programme"
        constraints = (models.CheckConstraint(condition=Q(only=True), name="programme_is_one"),)

    def __str__(self) -> str:
        return self.programme_name

    @property
    def organisation(self) -> str:
        """The name of the organisation inside a sentence: "the Lantern Society"."""
        return f"{self.organisation_article} {self.organisation_name}".strip()

    @property
    def the_organisation(self) -> str:
        """The same at the beginning of a sentence: "The Lantern Society"."""
        return f"{self.organisation_article.capitalize()} {self.organisation_name}".strip()

    @property
    def front(self) -> Front:
        """Texts of the front page."""
        return Front.model_validate(self.front_data)

    @property
    def words(self) -> Words:
        """Nouns of the institute."""
        return Words.model_validate(self.words_data)

    @property
    def menus(self) -> Menus:
        """Menus of a relationship card."""
        return Menus.model_validate(self.menus_data)

    @property
    def policies(self) -> Policies:
        """Decisions of the institute."""
        return Policies.model_validate(self.policies_data)

    @property
    def legal(self) -> list[LegalLink]:
        """Links of the footer."""
        return [LegalLink.model_validate(link) for link in self.legal_data]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Check the JSON shapes (pydantic's ValidationError), then save."""
        self.check_shapes()
        super().save(*args, **kwargs)

    def check_shapes(self) -> None:
        """Raises pydantic's ValidationError where a JSON column is not what it should be."""
        _ = (self.front, self.words, self.menus, self.policies, self.legal)


class Edition(Identified):
    """One version of a setting on which people's work stands: stages, a canvas, a survey.

    Published once and never changed, so that whoever began with it keeps it (product, E8 and
    E10). The shape of the document is that of the app which reads it.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    document = models.JSONField()
    published_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "edition"
        constraints = (
            models.UniqueConstraint(fields=("kind", "key", "number"), name="edition_once"),
            models.UniqueConstraint(
                fields=("kind", "key"), condition=Q(retired_at=None), name="edition_in_force_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}, version {self.number}"


class Worded(models.Model):
    """A text of the institute. Its placeholders, such as {{ a_request }}, have to be known ones."""

    worded: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse placeholders that stand for nothing, beside the field that holds them."""
        unknown = {
            name: f"{{{{ {found[0]} }}}} stands for nothing here."
            for name in self.worded
            if (found := unknown_placeholders(getattr(self, name) or ""))
        }
        if unknown:
            raise ValidationError(unknown)


class Provided(Identified):
    """A thing that the institute's bundle brought, with a digest of each value as it was applied.

    What staff change by hand differs from the digest, so that a bundle applied again overwrites
    only values that changed in the bundle itself. Source: product, "Bundle". Of texts the values
    themselves are kept too, so that staff can compare them with their own and go back.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=160)
    digests = models.JSONField(default=dict)
    texts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "part of the bundle"
        verbose_name_plural = "parts of the bundle"
        constraints = (models.UniqueConstraint(fields=("kind", "key"), name="provided_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
