"""Video chat of two people who meet (product D7)."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "core.calls"
    label = "calls"
    verbose_name = "Video chat"

    def ready(self) -> None:
        """Tell meetings where their room is."""
        from core.calls.queries import room_link
        from core.meetings.queries import offer_video_link

        offer_video_link(room_link)
