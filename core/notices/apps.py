"""What is new: notices of the programme team to members (product F5)."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "core.notices"
    label = "notices"
    verbose_name = "notices"

    def ready(self) -> None:
        """Keep the cache true, and offer the mails."""
        from core.notices import receivers  # noqa: F401 - app ready
