"""What happens with surveys: written and published, asked, answered, followed up."""

from core.feedback.services.answering import answer, decline, keep_draft
from core.feedback.services.asking import ask_after, ask_midway, remind, write_to_asked
from core.feedback.services.building import discard_draft, publish_draft, save_draft
from core.feedback.services.wishes import answer_wish, open_wish, reopen_wish

__all__ = [
    "answer",
    "answer_wish",
    "ask_after",
    "ask_midway",
    "decline",
    "discard_draft",
    "keep_draft",
    "open_wish",
    "publish_draft",
    "remind",
    "reopen_wish",
    "save_draft",
    "write_to_asked",
]
