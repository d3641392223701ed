"""Pages of help: open to everybody."""

from core.help.pages.contact import contact, sent
from core.help.pages.reading import faq, faqs, legal

__all__ = ["contact", "faq", "faqs", "legal", "sent"]
