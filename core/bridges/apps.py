"""Sign-in through identity providers (product A6)."""

from django.apps import AppConfig


class BridgesConfig(AppConfig):
    name = "core.bridges"
    label = "bridges"
    verbose_name = "Signing in elsewhere"

    def ready(self) -> None:
        """Hear of signing out, and offer a fresh trip to the provider."""
        from core.bridges import receivers  # noqa: F401 - app ready
