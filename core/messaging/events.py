"""What happens between two people who write to each other."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """Somebody wrote to somebody; a question is a message too."""

    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    """The first message of a mentee to a mentor, before there is anything between them (B9)."""

    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportMade(Event):
    """Somebody reported a message or a person, or asked the programme team to step in (D10)."""

    report_id: UUID
    step_in: bool


@dataclass(frozen=True, kw_only=True)
class MessagesWaiting(Event):
    """Messages have been lying unread for some minutes; told once for all of them."""

    conversation_id: UUID
    person_id: UUID
    count: int
