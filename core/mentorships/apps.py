"""From the first ask to the end of a mentoring relationship."""

from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    name = "core.mentorships"
    label = "mentorships"

    def ready(self) -> None:
        """Listen to what changes a mentor's open places; tell messaging who may write to whom."""
        from core.mentorships import adapters, receivers  # noqa: F401 - app ready
        from core.mentorships.pages import messages  # noqa: F401 - app ready
