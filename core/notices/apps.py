"""What is new: notices of the programme team to members (product F5)."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "core.notices"
    label = "notices"
    verbose_name = "notices"
