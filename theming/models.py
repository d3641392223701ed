"""The look of a site: what is chosen now, and every stylesheet that was ever linked."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from theming.tokens import Seeds


def new_id() -> UUID:
    """A new UUIDv7."""
    return uuid7()


class Brand(models.Model):
    """One row a site: the seeds and the logo in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    only = models.BooleanField(default=True, unique=True, editable=False)
    seeds_data = models.JSONField("seeds", default=dict)
    logo = models.FileField(upload_to="brand/", blank=True, max_length=200)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "brand"
        verbose_name_plural = "brand"
        constraints = (models.CheckConstraint(condition=Q(only=True), name="brand_is_one"),)

    def __str__(self) -> str:
        return "Brand"

    @property
    def seeds(self) -> Seeds:
        """The seeds; raises SeedsRefused when the row was spoiled by hand."""
        return Seeds.read(self.seeds_data)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Check the seeds (SeedsRefused), then save."""
        _ = self.seeds
        super().save(*args, **kwargs)


class BrandRevision(models.Model):
    """A stylesheet that pages have linked: found by its digest, never changed, cached for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=20, unique=True)
    seeds_data = models.JSONField("seeds", default=dict)
    css = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "brand revision"

    def __str__(self) -> str:
        return self.digest


class LookVersion(models.Model):
    """A look that was put in force: who chose it and when, so that it can come back (product F4).

    `logo` is the stored drawing, which is never overwritten because its name is its digest.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    seeds_data = models.JSONField("seeds", default=dict)
    logo = models.CharField(max_length=200, blank=True)
    css_digest = models.CharField(max_length=20)
    logo_digest = models.CharField(max_length=20, blank=True)
    icon_digest = models.CharField(max_length=20)
    chosen_at = models.DateTimeField(auto_now_add=True)
    chosen_by = models.UUIDField(null=True, blank=True)
    chosen_by_name = models.CharField(max_length=200, blank=True)
    back_to = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        verbose_name = "version of the look"
        verbose_name_plural = "versions of the look"

    def __str__(self) -> str:
        return f"Look, version {self.number}"

    @property
    def seeds(self) -> Seeds:
        """The seeds; raises SeedsRefused for a version of settings that are no longer known."""
        return Seeds.read(self.seeds_data)
