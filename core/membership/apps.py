"""What the society says about its members (product A6)."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "core.membership"
    label = "membership"
    verbose_name = "membership"

    def ready(self) -> None:
        """Hang the bar at the sign-in in, and register the job that asks the society."""
        from core.membership import adapters, tasks  # noqa: F401 - app ready
