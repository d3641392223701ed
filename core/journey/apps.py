"""The stages of the journey, its road map and its ending (product E1, E8, E9, E12)."""

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "core.journey"
    label = "journey"
    verbose_name = "Journey"
