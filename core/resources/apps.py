"""Guides for mentors and mentees, and who has read which."""

from django.apps import AppConfig

from core.kernel.searching import offer_search


class ResourcesConfig(AppConfig):
    name = "core.resources"
    label = "resources"
    verbose_name = "Resources"

    def ready(self) -> None:
        """Put the guides into the one search."""
        from core.resources.queries import search

        offer_search("guides", "Guides", search, order=10)
