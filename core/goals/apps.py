"""SMART goals with milestones, review and outcome (product E4 to E7)."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "core.goals"
    label = "goals"
    verbose_name = "Goals"

    def ready(self) -> None:
        """Put goals on the cards; let their mails be chosen; gather what their PDFs hold."""
        from core.goals import adapters  # noqa: F401 - app ready
        from core.goals.pages import cards, printing  # noqa: F401 - app ready
