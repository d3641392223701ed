"""Meetings of two people who work together, and their calendars."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "core.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Hear of the end of relationships; put meetings on the cards."""
        from core.meetings import receivers  # noqa: F401 - app ready
        from core.meetings.pages import cards  # noqa: F401 - app ready
