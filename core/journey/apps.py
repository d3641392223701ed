"""The stages of the journey, its road map and its ending (product E1, E8, E9, E12)."""

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "core.journey"
    label = "journey"
    verbose_name = "Journey"

    def ready(self) -> None:
        """Hear of beginnings and ends of relationships; put the road on the cards."""
        from core.journey import receivers  # noqa: F401 - app ready
        from core.journey.pages import cards  # noqa: F401 - app ready
