from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "core.visits"
    label = "visits"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from core.visits import receivers  # noqa: F401 - app ready
