"""What happens to a mentorship: one function a thing, each in one transaction."""

from core.mentorships.services.answering import accept, ask_changes, decline
from core.mentorships.services.asking import edit, pause, reopen, resume, revise, send, withdraw
from core.mentorships.services.availability import (
    accept_as_last,
    decline_for_a_while,
    make_available,
    make_unavailable,
)
from core.mentorships.services.guards import available_actions, check_send, hindrance
from core.mentorships.services.ladder import climb
from core.mentorships.services.leaving import (
    complete,
    end,
    leave_all,
    leave_for_good,
    mark_done,
    take_back,
    way_to_step_in,
)
from core.mentorships.services.matching import Match, match, match_all, obstacles
from core.mentorships.services.places import (
    count_places,
    join_waiting_list,
    leave_waiting_list,
    may_wait,
    tell_waiting,
)
from core.mentorships.services.returning import go_on, invite_back
from core.mentorships.services.steps import look_up

__all__ = [
    "Match",
    "accept",
    "accept_as_last",
    "ask_changes",
    "available_actions",
    "check_send",
    "climb",
    "complete",
    "count_places",
    "decline",
    "decline_for_a_while",
    "edit",
    "end",
    "go_on",
    "hindrance",
    "invite_back",
    "join_waiting_list",
    "leave_all",
    "leave_for_good",
    "leave_waiting_list",
    "look_up",
    "make_available",
    "make_unavailable",
    "mark_done",
    "match",
    "match_all",
    "may_wait",
    "obstacles",
    "pause",
    "reopen",
    "resume",
    "revise",
    "send",
    "take_back",
    "tell_waiting",
    "way_to_step_in",
    "withdraw",
]
