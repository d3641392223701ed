from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "core.insights"
    label = "insights"

    def ready(self) -> None:
        """Listen to searches; say what the report to the board is made of."""
        from core.insights import receivers  # noqa: F401 - app ready
