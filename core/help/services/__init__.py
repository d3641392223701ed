"""What happens around messages to the team."""

from core.help.services.asking import send_enquiry
from core.help.services.reminding import remind_of_complaints
from core.help.services.team import acknowledge, add_note, answer, close, reopen, take

__all__ = [
    "acknowledge",
    "add_note",
    "answer",
    "close",
    "remind_of_complaints",
    "reopen",
    "send_enquiry",
    "take",
]
