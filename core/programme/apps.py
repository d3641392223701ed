from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "core.programme"
    label = "programme"

    def ready(self) -> None:
        """Listen to saved settings."""
        from core.programme import receivers  # noqa: F401 - app ready
