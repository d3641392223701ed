"""The learning diary, private to its writer (product E13)."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "core.diary"
    label = "diary"
    verbose_name = "Learning diary"
