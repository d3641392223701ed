"""People as the programme team keeps them: invitations, imports, exports, merging (product F4)."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "core.people"
    label = "people"
    verbose_name = "people"

    def ready(self) -> None:
        """Say who does the jobs that staff order."""
        from core.people import tasks  # noqa: F401 - app ready
