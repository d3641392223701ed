"""The app of looks."""

from django.apps import AppConfig


class ThemingConfig(AppConfig):
    name = "theming"
    label = "theming"
    verbose_name = "Look"
