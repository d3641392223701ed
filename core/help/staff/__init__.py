"""Help on the staff site: texts, and the messages to the team."""

from core.help.staff import enquiries, texts

__all__ = ["enquiries", "texts"]
