"""Mails in the institute's name, their texts, and editions of its settings."""

from core.programme.services.editions import publish, retire
from core.programme.services.foresight import foresees
from core.programme.services.mails import Letter, write_mail, write_mails
from core.programme.services.texts import Look, look, put_text, send_test, take_text_back

__all__ = [
    "Letter",
    "Look",
    "foresees",
    "look",
    "publish",
    "put_text",
    "retire",
    "send_test",
    "take_text_back",
    "write_mail",
    "write_mails",
]
