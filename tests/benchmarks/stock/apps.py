"""Tenants as the tenancy library makes them, to compare with."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    """The only app of the shared schema beside the library."""

    name = "tests.benchmarks.stock"
    label = "stock"
