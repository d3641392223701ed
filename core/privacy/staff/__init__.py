"""What the programme team does with people's data."""

from core.privacy.staff import erasing, retention

__all__ = ["erasing", "retention"]
