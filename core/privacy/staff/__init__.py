"""What the programme team does with people's data."""

from core.privacy.staff import agreements, copies, erasing, retention

__all__ = ["agreements", "copies", "erasing", "retention"]
