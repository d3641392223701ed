from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "core.matching"
    label = "matching"
    verbose_name = "Matching"

    def ready(self) -> None:
        """Listen to whatever changes who can be found."""
        from core.matching import adapters, receivers  # noqa: F401 - app ready
