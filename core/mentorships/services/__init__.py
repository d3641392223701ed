"""What happens to a mentorship: one function a thing, each in one transaction."""

from core.mentorships.services.answering import accept, ask_changes, decline
from core.mentorships.services.asking import edit, pause, reopen, resume, revise, send, withdraw
from core.mentorships.services.guards import available_actions, check_send, hindrance
from core.mentorships.services.ladder import climb
from core.mentorships.services.leaving import complete, end, leave_all, mark_done
from core.mentorships.services.steps import look_up

__all__ = [
    "accept",
    "ask_changes",
    "available_actions",
    "check_send",
    "climb",
    "complete",
    "decline",
    "edit",
    "end",
    "hindrance",
    "leave_all",
    "look_up",
    "mark_done",
    "pause",
    "reopen",
    "resume",
    "revise",
    "send",
    "withdraw",
]
