"""How goals and milestones stand, in words for a page (product E6)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.goals import rules
from core.goals.models import Goal, Milestone

Tone = Literal["good", "warn", "quiet"]


@dataclass(frozen=True)
class Line:
    """A goal in a list: how it stands, and how many of its steps are done."""

    goal: Goal
    due: str
    tone: Tone
    steps: int
    steps_done: int


def line(goal: Goal, today: date, *, steps: int, steps_done: int) -> Line:
    """A goal as it stands today."""
    due, tone = standing(goal, today)
    return Line(goal, due, tone, steps, steps_done)


def standing(goal: Goal, today: date) -> tuple[str, Tone]:
    """ "Due 6 days from now", "2 days overdue", "Completed", "No date"."""
    if goal.is_completed:
        return "Completed", "good"
    return due(goal.expected_on, today)


def due(day: date | None, today: date) -> tuple[str, Tone]:
    """How a day stands to today."""
    if day is None:
        return "No date", "quiet"
    return rules.due_in_words(day, today), "warn" if day < today else "quiet"


@dataclass(frozen=True)
class Step:
    """A milestone on the page of its goal."""

    milestone: Milestone
    due: str
    tone: Tone


def step(milestone: Milestone, today: date) -> Step:
    """A milestone as it stands today; one without a date says nothing of it."""
    if milestone.is_done or milestone.due_on is None:
        return Step(milestone, "", "quiet")
    return Step(milestone, *due(milestone.due_on, today))
