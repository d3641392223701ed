"""The wiring as an installed app: it brings the product's own commands and start-up checks."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    """Registers the checks; holds no models."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        """Register the start-up checks; tell the core how its PDFs look."""
        from config import checks  # noqa: F401
        from config.paper import present_look
        from core.kernel.ports import provide_paper_look

        provide_paper_look(present_look)
