"""Sheets that two people fill in together: SWOT, G-STAR and what an institute designs itself
(product E2, E3)."""

from django.apps import AppConfig


class CanvasesConfig(AppConfig):
    name = "core.canvases"
    label = "canvases"
    verbose_name = "Canvases"
