"""Conversations, their messages and files, what is not sent yet, and what was reported."""

from core.messaging.models.reports import (
    Mute,
    Reason,
    Report,
    ReportKind,
    ReportNote,
    ReportState,
)
from core.messaging.models.talk import Attachment, Conversation, Draft, Kind, Message, Side

__all__ = [
    "Attachment",
    "Conversation",
    "Draft",
    "Kind",
    "Message",
    "Mute",
    "Reason",
    "Report",
    "ReportKind",
    "ReportNote",
    "ReportState",
    "Side",
]
