"""What the programme team does with people's data."""

from core.privacy.staff import agreements, erasing, retention

__all__ = ["agreements", "erasing", "retention"]
