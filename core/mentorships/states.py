"""The lifecycle of a mentorship as one table: pure Python, nothing of Django.

One row lives from the first ask to the end (product, decision 1). Whoever wants to know what
can happen next asks this table; nobody compares states by hand. The picture of it in
``docs/architecture/lifecycles.md`` is drawn by :func:`diagram` and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """Where a mentorship stands."""

    PROPOSED = "proposed"
    CHANGES_ASKED = "changes_asked"
    ACTIVE = "active"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ENDED = "ended"


class Action(StrEnum):
    """What can be done with a mentorship, as an imperative."""

    SEND = "send"
    PROPOSE = "propose"
    MATCH = "match"
    EDIT = "edit"
    ASK_CHANGES = "ask_changes"
    REVISE = "revise"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    REOPEN = "reopen"
    INVITE_BACK = "invite_back"
    GO_ON = "go_on"
    MARK_DONE = "mark_done"
    TAKE_BACK = "take_back"
    COMPLETE = "complete"
    END = "end"


class Role(StrEnum):
    """Who does it. The clock is the product itself, when a time has run out."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    STAFF = "staff"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: the state it leads to and who may take it."""

    to: State
    by: frozenset[Role]


class NoSuchStepError(ValueError):
    """The table has no line for this action in this state."""

    def __init__(self, state: State | None, action: Action) -> None:
        super().__init__(f"{action} is not possible in the state {state or 'new'}")
        self.state = state
        self.action = action


def _step(to: State, *by: Role) -> Step:
    return Step(to, frozenset(by))


MENTOR, MENTEE, STAFF, CLOCK = Role.MENTOR, Role.MENTEE, Role.STAFF, Role.CLOCK

TABLE: Final[Mapping[tuple[State | None, Action], Step]] = MappingProxyType(
    {
        # The ask. Nothing is there yet, so the state before is None.
        (None, Action.SEND): _step(State.PROPOSED, MENTEE),
        # The programme team brings two together (product F4): it asks the mentor in the mentee's
        # stead, or, where it has spoken with both, lets them begin at once.
        (None, Action.PROPOSE): _step(State.PROPOSED, STAFF),
        (None, Action.MATCH): _step(State.ACTIVE, STAFF),
        # Waiting for the mentor.
        (State.PROPOSED, Action.EDIT): _step(State.PROPOSED, MENTEE),
        (State.PROPOSED, Action.ASK_CHANGES): _step(State.CHANGES_ASKED, MENTOR),
        (State.PROPOSED, Action.ACCEPT): _step(State.ACTIVE, MENTOR),
        (State.PROPOSED, Action.DECLINE): _step(State.DECLINED, MENTOR),
        (State.PROPOSED, Action.WITHDRAW): _step(State.WITHDRAWN, MENTEE, STAFF),
        (State.PROPOSED, Action.LAPSE): _step(State.LAPSED, CLOCK),
        # Waiting for the mentee. The clock stands still (product C5): there is no lapse here.
        (State.CHANGES_ASKED, Action.REVISE): _step(State.PROPOSED, MENTEE),
        (State.CHANGES_ASKED, Action.ACCEPT): _step(State.ACTIVE, MENTOR),
        (State.CHANGES_ASKED, Action.DECLINE): _step(State.DECLINED, MENTOR),
        (State.CHANGES_ASKED, Action.WITHDRAW): _step(State.WITHDRAWN, MENTEE, STAFF),
        # Working together. Who of the two completes is the institute's policy (product E9).
        # Marking it done is the first of two: a word to the other, who then completes.
        (State.ACTIVE, Action.MARK_DONE): _step(State.ACTIVE, MENTOR, MENTEE),
        # The word is taken back by whoever gave it, or the other answers "not yet".
        (State.ACTIVE, Action.TAKE_BACK): _step(State.ACTIVE, MENTOR, MENTEE),
        (State.ACTIVE, Action.COMPLETE): _step(State.COMPLETED, MENTOR, MENTEE),
        (State.ACTIVE, Action.END): _step(State.ENDED, MENTOR, MENTEE, STAFF),
        # Three ways back, all of them to an ask that wants an answer again: the mentee's own
        # (withdrawn, lapsed), the mentor's change of mind (declined), and after an end, where
        # the mentor has to say yes (product C6, D9).
        (State.WITHDRAWN, Action.REOPEN): _step(State.PROPOSED, MENTEE),
        (State.LAPSED, Action.REOPEN): _step(State.PROPOSED, MENTEE),
        (State.DECLINED, Action.REOPEN): _step(State.PROPOSED, MENTOR),
        (State.ENDED, Action.REOPEN): _step(State.PROPOSED, MENTEE),
        # The other way round after an end: the mentor's invitation is their yes, and the mentee's
        # is the second (product D9).
        (State.ENDED, Action.INVITE_BACK): _step(State.ENDED, MENTOR),
        (State.ENDED, Action.GO_ON): _step(State.ACTIVE, MENTEE),
    }
)

UNANSWERED: Final = frozenset({State.PROPOSED, State.CHANGES_ASKED})
OPEN: Final = UNANSWERED | {State.ACTIVE}
PAST: Final = frozenset(State) - OPEN

WAITS_FOR: Final[Mapping[State, Role]] = MappingProxyType(
    {State.PROPOSED: MENTOR, State.CHANGES_ASKED: MENTEE}
)


def next_state(state: State | None, action: Action) -> State:
    """The state that `action` leads to from `state`; NoSuchStepError where none does."""
    return step(state, action).to


def step(state: State | None, action: Action) -> Step:
    """The line of the table for `action` in `state`; raises NoSuchStepError where there is none."""
    try:
        return TABLE[(state, action)]
    except KeyError:
        raise NoSuchStepError(state, action) from None


def actions_for(state: State | None, role: Role) -> Iterator[Action]:
    """The actions that somebody in `role` has in `state`, in the order of the table."""
    for (before, action), line in TABLE.items():
        if before == state and role in line.by:
            yield action


def roles_for(action: Action) -> frozenset[Role]:
    """Everybody who has `action` in some state."""
    return frozenset(
        role for (_, found), line in TABLE.items() if found == action for role in line.by
    )


def states_before(action: Action) -> frozenset[State]:
    """The states from which `action` can be taken (without the empty one)."""
    return frozenset(before for before, found in TABLE if found == action and before is not None)


def diagram() -> str:
    """The table as a Mermaid state diagram, one line a step, names in words."""
    lines = ["stateDiagram-v2"]
    lines += [
        f"    {'[*]' if before is None else before} --> {line.to}: "
        f"{action.replace('_', ' ')} ({', '.join(sorted(line.by))})"
        for (before, action), line in TABLE.items()
    ]
    ways_out = {before for before, _action in TABLE}
    lines += [f"    {state} --> [*]" for state in State if state not in ways_out]
    return "\n".join(lines)
