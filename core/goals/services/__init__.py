"""What happens to goals: one function a thing, each in one transaction."""

from core.goals.services.parts import (
    add_milestone,
    change_milestone,
    move,
    remove_milestone,
    remove_review,
    tick,
    write_review,
)
from core.goals.services.reminding import remind
from core.goals.services.standing import (
    add,
    change,
    complete,
    delete,
    reopen,
    restore,
    sweep,
)
from core.goals.services.words import choose_words

__all__ = [
    "add", "add_milestone", "change", "change_milestone", "choose_words", "complete", "delete",
    "move", "remind", "remove_milestone", "remove_review", "reopen", "restore", "sweep", "tick",
    "write_review",
]  # fmt: skip
