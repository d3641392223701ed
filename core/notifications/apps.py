"""Tells people by mail what happened. It has no tables: mails live in the kernel's outbox."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "core.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Listen to what happens in the house below; offer which mails can be done without."""
        from core.notifications import adapters, receivers  # noqa: F401 - app ready
