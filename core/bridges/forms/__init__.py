"""Forms of bridges."""

from core.bridges.forms.rescue import RescueForm

__all__ = ["RescueForm"]
