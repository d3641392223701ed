"""Pages of goals."""

from core.goals.pages.parts import (
    act,
    add_milestone,
    add_review,
    milestone,
    remove_review,
)
from core.goals.pages.printing import all_file, goal_file
from core.goals.pages.reading import about, goal, listing
from core.goals.pages.writing import complete, delete, edit, new, reopen, restore

__all__ = [
    "about", "act", "add_milestone", "add_review", "all_file", "complete", "delete", "edit",
    "goal", "goal_file", "listing", "milestone", "new", "remove_review", "reopen", "restore",
]  # fmt: skip
