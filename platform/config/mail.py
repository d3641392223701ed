"""Mail that never leaves the house, and mail that leaves it within a minute or not at all."""

import smtplib
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

LONGEST = 60.0
"""Seconds from the greeting to the last answer. Each answer has its own limit (`EMAIL_TIMEOUT`),
which a server that sends a byte now and then never reaches."""


class KeepInOutbox(BaseEmailBackend):
    """Accepts every message and does nothing more: its outbox row is what people read."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Out: how many messages were accepted (all)."""
        return len(email_messages)


class Smtp(EmailBackend):
    """Django's way to a mail server, with one clock for all messages of a call."""

    _line: socket.socket | None = None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The library's connection, which shows its line before the server has said a word."""
        base: type[smtplib.SMTP] = super().connection_class
        backend = self

        class Shown(base):  # type: ignore[misc, valid-type]
            def _get_socket(self, *of: Any) -> socket.socket:
                backend._line = super()._get_socket(*of)
                return backend._line

        return Shown

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Out: how many messages went out. Errors: those of ``smtplib``, ``OSError``."""
        clock = threading.Timer(LONGEST, self._cut)
        clock.daemon = True
        clock.start()
        try:
            return super().send_messages(email_messages)
        finally:
            clock.cancel()

    def _cut(self) -> None:
        line = getattr(self.connection, "sock", None) or self._line
        with suppress(OSError):
            if line is not None:
                line.shutdown(socket.SHUT_RDWR)
