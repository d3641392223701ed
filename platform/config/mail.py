"""Mail that never leaves the house: it stays readable in the outbox."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class KeepInOutbox(BaseEmailBackend):
    """Accepts every message and does nothing more: its outbox row is what people read."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Out: how many messages were accepted (all)."""
        return len(email_messages)
