"""From the first ask to the end of a mentoring relationship."""

from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    name = "core.mentorships"
    label = "mentorships"

    def ready(self) -> None:
        """Listen to what changes a mentor's open places."""
        from core.mentorships import receivers  # noqa: F401 - app ready
