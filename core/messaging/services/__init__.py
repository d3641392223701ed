"""What happens between two people who write: one function a thing, each in one transaction."""

from core.messaging.services.files import Checked, check_files, endings
from core.messaging.services.mails import announce_waiting
from core.messaging.services.writing import ask, check_ask, keep_draft, mark_read, send

__all__ = [
    "Checked",
    "announce_waiting",
    "ask",
    "check_ask",
    "check_files",
    "endings",
    "keep_draft",
    "mark_read",
    "send",
]
