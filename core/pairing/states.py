"""The lifecycle of a run over the whole pool, as one table: pure Python, nothing of Django."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """Where a run stands."""

    ORDERED = "ordered"
    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Action(StrEnum):
    """What can be done with a run."""

    SOLVE = "solve"
    CHANGE = "change"
    PUBLISH = "publish"
    DISCARD = "discard"


TABLE: Final[Mapping[tuple[State, Action], State]] = MappingProxyType(
    {
        (State.ORDERED, Action.SOLVE): State.DRAFT,
        (State.ORDERED, Action.DISCARD): State.DISCARDED,
        (State.DRAFT, Action.SOLVE): State.DRAFT,
        (State.DRAFT, Action.CHANGE): State.DRAFT,
        (State.DRAFT, Action.PUBLISH): State.PUBLISHED,
        (State.DRAFT, Action.DISCARD): State.DISCARDED,
    }
)


def can(state: str, action: Action) -> bool:
    """Whether the table has a line for it."""
    return (State(state), action) in TABLE


def diagram() -> str:
    """The table as a Mermaid state diagram, one line a step."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.ORDERED}: order"]
    lines += [f"    {before} --> {after}: {action}" for (before, action), after in TABLE.items()]
    ways_out = {before for before, _action in TABLE}
    lines += [f"    {state} --> [*]" for state in State if state not in ways_out]
    return "\n".join(lines)
