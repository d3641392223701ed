from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ProgrammeConfig(AppConfig):
    name = "core.programme"
    label = "programme"

    def ready(self) -> None:
        """Listen to saved settings; gather the mails that every app sends."""
        autodiscover_modules("letters")
        from core.programme import receivers  # noqa: F401 - app ready
