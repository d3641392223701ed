"""Sheets that two people fill in together: SWOT, G-STAR and what an institute designs itself
(product E2, E3)."""

from django.apps import AppConfig


class CanvasesConfig(AppConfig):
    name = "core.canvases"
    label = "canvases"
    verbose_name = "Canvases"

    def ready(self) -> None:
        """Hear of new designs; put canvases into the menus of cards."""
        from core.canvases import receivers  # noqa: F401 - app ready
        from core.canvases.pages import cards  # noqa: F401 - app ready
