"""Conversations, their messages and files, and what has not been sent yet."""

from core.messaging.models.talk import Attachment, Conversation, Draft, Kind, Message, Side

__all__ = ["Attachment", "Conversation", "Draft", "Kind", "Message", "Side"]
