"""Whose marks complete a stage, and how two versions of a sheet come together. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.journey.rules import (
    DEFAULT,
    Act,
    Plan,
    Policy,
    Side,
    Standing,
    after,
    key_from,
    merge,
)

MENTOR, MENTEE = Side.MENTOR, Side.MENTEE
MARK, BACK = Act.MARK, Act.TAKE_BACK


@pytest.mark.parametrize(
    ("policy", "marks", "passed"),
    [
        (Policy.EACH, [MENTOR], False),
        (Policy.EACH, [MENTOR, MENTEE], True),
        (Policy.EITHER, [MENTEE], True),
        (Policy.MENTOR_WHEN_ASKED, [MENTEE], False),
        (Policy.MENTOR_WHEN_ASKED, [MENTEE, MENTOR], True),
        (Policy.MENTOR, [MENTOR], True),
        (Policy.MENTEE, [MENTEE], True),
    ],
)
def test_stage_is_completed_by_whom_the_institute_names(
    policy: Policy, marks: list[Side], passed: bool
) -> None:
    standing = Standing()
    for side in marks:
        following = after(policy, standing, side, MARK)
        assert following is not None
        standing = following
    assert standing.passed is passed


@pytest.mark.parametrize(
    ("policy", "side"),
    [(Policy.MENTOR_WHEN_ASKED, MENTOR), (Policy.MENTOR, MENTEE), (Policy.MENTEE, MENTOR)],
)
def test_nobody_else_marks_it(policy: Policy, side: Side) -> None:
    assert after(policy, Standing(), side, MARK) is None


def test_own_word_of_two_is_taken_back_and_the_other_s_stays() -> None:
    both = Standing(mentor=True, mentee=True, passed=True)
    assert after(Policy.EACH, both, MENTEE, BACK) == Standing(mentor=True)
    assert after(Policy.EACH, Standing(mentor=True), MENTEE, BACK) is None


def test_mentor_who_is_asked_says_not_yet() -> None:
    asked = Standing(mentee=True)
    assert asked.waits_for(MENTOR, Policy.MENTOR_WHEN_ASKED)
    assert after(Policy.MENTOR_WHEN_ASKED, asked, MENTOR, BACK) == Standing()


@given(
    policy=st.sampled_from(Policy),
    steps=st.lists(st.tuples(st.sampled_from(Side), st.sampled_from(Act)), max_size=12),
)
def test_any_walk_ends_in_a_standing_that_the_policy_explains(
    policy: Policy, steps: list[tuple[Side, Act]]
) -> None:
    standing = Standing()
    for side, act in steps:
        standing = after(policy, standing, side, act) or standing
        marked = {MENTOR: standing.mentor, MENTEE: standing.mentee}
        match policy:
            case Policy.EACH | Policy.MENTOR_WHEN_ASKED:
                assert standing.passed == all(marked.values())
            case Policy.EITHER:
                assert standing.passed == any(marked.values())
            case Policy.MENTOR | Policy.MENTEE:
                assert standing.passed == marked[Side(policy.value)]


ANSWERS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "one", "two", "three"]))


@given(base=ANSWERS, theirs=ANSWERS, mine=ANSWERS)
def test_no_text_is_lost_when_two_write(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    merged = merge(base, theirs, mine)
    for key in {*base, *theirs, *mine}:
        began, other, own = base.get(key, ""), theirs.get(key, ""), mine.get(key, "")
        assert merged.answers[key] in (other, own)
        if own != began:
            assert merged.answers[key] == own
        assert (key in merged.clashes) == (own != began and other != began and own != other)


def test_road_without_an_end_or_with_a_stage_twice_is_refused() -> None:
    whole = DEFAULT.model_dump(mode="json")
    for stages in (whole["stages"][:1], [*whole["stages"], whole["stages"][0]]):
        with pytest.raises(ValidationError):
            Plan.model_validate({**whole, "stages": stages})
    with pytest.raises(ValidationError, match="stands for nothing"):
        Plan.model_validate({**whole, "tips": "Ask your {{ mentro }}."})


def test_keys_are_made_of_names_and_never_twice() -> None:
    assert key_from("Taking stock!", set()) == "taking_stock"
    assert key_from("Taking stock!", {"taking_stock"}) == "taking_stock_2"
    assert key_from("二つ", set()).startswith("part")
