"""People on the staff site."""

from core.accounts.staff import closing, people

__all__ = ["closing", "people"]
