"""The profile form and people's profiles on the staff site."""

from core.profiles.staff import drawing, records

__all__ = ["drawing", "records"]
