"""The learning diary, private to its writer (product E13)."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "core.diary"
    label = "diary"
    verbose_name = "Learning diary"

    def ready(self) -> None:
        """Put the diary on the cards; let tasks make its PDFs."""
        from core.diary.pages import cards, exporting  # noqa: F401 - app ready
