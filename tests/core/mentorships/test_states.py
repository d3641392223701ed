"""The pure table: whole, without dead ends that nobody meant, and drawn as it is."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import sampled_from

from core.mentorships import states
from core.mentorships.states import (
    OPEN,
    PAST,
    TABLE,
    UNANSWERED,
    WAITS_FOR,
    Action,
    NoSuchStepError,
    Role,
    State,
)

LIFECYCLES = Path(__file__).parents[3] / "docs" / "architecture" / "lifecycles.md"


def test_page_of_lifecycles_shows_the_table_as_it_is() -> None:
    assert f"```mermaid\n{states.diagram()}\n```" in LIFECYCLES.read_text()


def test_states_are_the_eight_of_the_product() -> None:
    assert {state.value for state in State} == {
        "proposed", "changes_asked", "active", "completed",
        "declined", "withdrawn", "lapsed", "ended",
    }  # fmt: skip


def test_every_state_can_be_reached_from_nothing() -> None:
    reached: set[State | None] = {None}
    while True:
        more = {line.to for (before, _), line in TABLE.items() if before in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == {None, *State}


def test_every_step_has_somebody_who_takes_it() -> None:
    assert all(line.by for line in TABLE.values())


def test_every_action_is_in_the_table() -> None:
    assert {action for _, action in TABLE} == set(Action)


def test_open_and_past_states_are_all_states_and_share_none() -> None:
    assert set(State) == OPEN | PAST
    assert not OPEN & PAST
    assert UNANSWERED < OPEN


def test_every_unanswered_state_waits_for_somebody_who_can_lead_on() -> None:
    assert set(WAITS_FOR) == UNANSWERED
    for state, role in WAITS_FOR.items():
        forward = {states.next_state(state, action) for action in states.actions_for(state, role)}
        assert forward & OPEN - {state}


def test_nothing_becomes_active_without_the_yes_of_both() -> None:
    ways_in = {
        (key, line)
        for key, line in TABLE.items()
        if line.to is State.ACTIVE and key[0] is not State.ACTIVE
    }
    assert {(action, *line.by) for (_, action), line in ways_in} == {
        (Action.ACCEPT, Role.MENTOR),  # the mentee asked
        (Action.GO_ON, Role.MENTEE),  # the mentor invited, see the guards
        (Action.MATCH, Role.STAFF),  # the team has spoken with both
    }


def test_only_the_clock_lets_lapse_and_never_while_changes_are_asked() -> None:
    lines = {before: line for (before, action), line in TABLE.items() if action is Action.LAPSE}
    assert set(lines) == {State.PROPOSED}
    assert lines[State.PROPOSED].by == {Role.CLOCK}


def test_no_way_back_skips_the_answer_of_the_other() -> None:
    for before in PAST:
        for role in Role:
            for action in states.actions_for(before, role):
                after = states.next_state(before, action)
                # The mentee's yes answers the mentor's invitation; everything else is asked anew.
                assert after is (
                    State.ACTIVE if action is Action.GO_ON
                    else before if action is Action.INVITE_BACK
                    else State.PROPOSED
                )  # fmt: skip


@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("action", Action)
def test_what_is_not_in_the_table_is_refused_by_name(state: State | None, action: Action) -> None:
    if (state, action) in TABLE:
        assert states.next_state(state, action) in State
    else:
        with pytest.raises(NoSuchStepError, match=action.value):
            states.next_state(state, action)


class AnyWalk(RuleBasedStateMachine):
    """Whoever does whatever: the row is always in a known state, and active only by a yes."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.taken: list[Action] = []

    @rule(action=sampled_from(Action), role=sampled_from(Role))
    def try_it(self, action: Action, role: Role) -> None:
        if action in states.actions_for(self.state, role):
            self.state = states.next_state(self.state, action)
            self.taken.append(action)
        elif (self.state, action) in TABLE:
            assert role not in states.step(self.state, action).by

    @invariant()
    def begins_with_an_ask(self) -> None:
        assert (self.state is None) == (not self.taken)
        assert not self.taken or self.taken[0] in (Action.SEND, Action.PROPOSE, Action.MATCH)

    @invariant()
    def active_follows_from_a_yes(self) -> None:
        if self.state is State.ACTIVE:
            words = (Action.MARK_DONE, Action.TAKE_BACK)
            led = [action for action in self.taken if action not in words]
            assert led[-1] in (Action.ACCEPT, Action.GO_ON, Action.MATCH)

    @invariant()
    def never_twice_the_same_answer_in_a_row(self) -> None:
        pairs = list(pairwise(self.taken))
        for answer in (Action.ACCEPT, Action.DECLINE, Action.WITHDRAW, Action.END):
            assert (answer, answer) not in pairs


AnyWalk.TestCase.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
TestAnyWalk = AnyWalk.TestCase
