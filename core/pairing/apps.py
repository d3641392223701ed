"""Pairs made by the programme team over a whole pool (product F4)."""

from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "core.pairing"
    label = "pairing"
    verbose_name = "pairing"

    def ready(self) -> None:
        """Say who does the long work."""
        from core.pairing import tasks  # noqa: F401 - app ready
