"""Pairs made by the programme team: by hand and over a whole pool (product F4)."""

from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "core.pairing"
    label = "pairing"
    verbose_name = "pairing"
