"""Short surveys at the end of the journey and on the way (product E10)."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "core.feedback"
    label = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        """Hear of the end of relationships; say what waits on the dashboard."""
        from core.feedback import adapters, receivers  # noqa: F401 - app ready
        from core.feedback.pages import notices  # noqa: F401 - app ready
