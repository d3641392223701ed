"""Hours and reflections as a record to download (product E14)."""

from django.apps import AppConfig


class CpdConfig(AppConfig):
    name = "core.cpd"
    label = "cpd"
    verbose_name = "CPD record"
