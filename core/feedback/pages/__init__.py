"""Pages of members."""

from core.feedback.pages.answering import answer, decline, thanks

__all__ = ["answer", "decline", "thanks"]
