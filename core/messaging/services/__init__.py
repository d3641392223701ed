"""What happens between two people who write: one function a thing, each in one transaction."""

from core.messaging.services.files import Checked, check_files, endings
from core.messaging.services.mails import announce_waiting
from core.messaging.services.reports import (
    add_note,
    lift_mute,
    mute,
    open_file,
    open_report,
    report,
    resolve,
    take,
)
from core.messaging.services.writing import ask, check_ask, keep_draft, mark_read, obstacle, send

__all__ = [
    "Checked",
    "add_note",
    "announce_waiting",
    "ask",
    "check_ask",
    "check_files",
    "endings",
    "keep_draft",
    "lift_mute",
    "mark_read",
    "mute",
    "obstacle",
    "open_file",
    "open_report",
    "report",
    "resolve",
    "send",
    "take",
]
