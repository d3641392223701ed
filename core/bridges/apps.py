"""Sign-in through identity providers (product A6)."""

from django.apps import AppConfig


class BridgesConfig(AppConfig):
    name = "core.bridges"
    label = "bridges"
    verbose_name = "bridges"
