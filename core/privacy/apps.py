"""What is stored about a person (product A11, A12)."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "core.privacy"
    label = "privacy"
    verbose_name = "privacy"
