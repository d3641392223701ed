"""People and the audit trail on the staff site."""

from core.accounts.staff import closing, people, trail

__all__ = ["closing", "people", "trail"]
