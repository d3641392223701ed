"""The draft is the best there is, keeps every rule, and scores as receipts do."""

from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.matching.rules import Choice, Question, receipt_of, tokens_of
from core.pairing import states
from core.pairing.rules import (
    Choices,
    Mentee,
    Mentor,
    Reason,
    Spoken,
    TooLarge,
    asked_in,
    explained,
    grid_of,
    one_by_one,
    solve,
    solving,
)

OPTIONS = ("a", "b", "c")
KEYS = ("areas", "region", "site")
SPOKEN = Spoken("mentor", "mentors")


def question(key: str, weight: int) -> Question:
    choices = tuple(Choice(one, one.upper()) for one in OPTIONS)
    return Question(key, key.title(), "Any", choices, weight, many=True, answer_key=key)


answers = st.fixed_dictionaries(
    {key: st.lists(st.sampled_from(OPTIONS), unique=True, max_size=2) for key in KEYS}
)
weights = st.lists(st.integers(0, 5), min_size=3, max_size=3)


def people(mentees: list[Any], mentors: list[Any], places: list[int]) -> Any:
    rows = [Mentee(UUID(int=number), one) for number, one in enumerate(mentees)]
    columns = [
        Mentor(UUID(int=100 + number), frozenset(tokens_of(KEYS, one)), places[number])
        for number, one in enumerate(mentors)
    ]
    return rows, columns


@given(weights, st.sets(st.sampled_from(KEYS)), st.lists(answers, max_size=4), st.lists(answers))
@settings(max_examples=150, deadline=None)
def test_grid_holds_what_receipts_say_of_each_pair(
    weight: list[int], musts: set[str], mentees: list[Any], mentors: list[Any]
) -> None:
    questions = [question(key, one) for key, one in zip(KEYS, weight, strict=True)]
    rows, columns = people(mentees, mentors, [1] * len(mentors))
    grid = grid_of(questions, musts, rows, columns)
    for row, column in product(range(len(rows)), range(len(columns))):
        receipt = receipt_of(grid.wanted[row], columns[column].tokens)
        assert grid.points[row, column] == receipt.score
        assert grid.most[row] == receipt.most
        assert grid.meets_musts[row, column] == (not any(one.exact for one in receipt.unmet))
        if receipt.most:
            assert grid.share[row, column] == receipt.share


def best_of_all(points: Any, allowed: Any, places: list[int], goal: str) -> tuple[int, int]:
    """Every way there is, one after another."""
    rows, columns = points.shape
    best = (0, 0)
    for way in product(range(-1, columns), repeat=rows):
        used = [way.count(column) for column in range(columns)]
        if any(one > most for one, most in zip(used, places, strict=True)):
            continue
        if any(column >= 0 and not allowed[row, column] for row, column in enumerate(way)):
            continue
        total = sum(int(points[row, column]) for row, column in enumerate(way) if column >= 0)
        matched = sum(column >= 0 for column in way)
        best = max(best, (total, matched) if goal == "best_total" else (matched, total))
    return best


@given(
    rows=st.integers(1, 4),
    columns=st.integers(1, 4),
    goal=st.sampled_from(["best_total", "most_people"]),
    data=st.data(),
)
@settings(max_examples=250, deadline=None)
def test_draft_is_as_good_as_the_best_of_all_ways_and_keeps_every_rule(
    rows: int, columns: int, goal: Any, data: Any
) -> None:
    def table(values: Any) -> Any:
        return np.array([[data.draw(values) for _ in range(columns)] for _ in range(rows)])

    points, allowed = table(st.integers(0, 6)), table(st.booleans())
    places = np.array([data.draw(st.integers(0, 3)) for _ in range(columns)])
    taken = np.array([data.draw(st.integers(0, 3)) for _ in range(columns)])
    found = solve(points, allowed, places, taken, goal)
    reached = (found.total, found.matched)
    assert (reached if goal == "best_total" else reached[::-1]) == best_of_all(
        points, allowed, places.tolist(), goal
    )
    assert found == solve(points, allowed, places, taken, goal)
    for column, most in enumerate(places):
        assert found.chosen.count(column) <= most
    assert all(allowed[row, column] for row, column in enumerate(found.chosen) if column >= 0)
    plain = one_by_one(points, allowed, places)
    if goal == "best_total":
        assert plain.total <= found.total
    else:
        assert plain.matched <= found.matched


def test_equals_go_to_the_mentors_with_fewest_mentees() -> None:
    points, allowed = np.full((2, 3), 5), np.full((2, 3), True)
    found = solve(points, allowed, np.array([2, 2, 2]), np.array([3, 0, 0]), "best_total")
    assert sorted(found.chosen) == [1, 2]


def test_goal_decides_between_one_close_pair_and_two_loose_ones() -> None:
    points, allowed = np.array([[9, 1], [2, 0]]), np.array([[True, True], [True, False]])
    places, taken = np.array([1, 1]), np.array([0, 0])
    assert solve(points, allowed, places, taken, "best_total").chosen == (0, -1)
    assert solve(points, allowed, places, taken, "most_people").chosen == (1, 0)


def test_pool_that_is_too_large_is_refused_rather_than_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solving, "MOST_CELLS", 3)
    points = np.ones((2, 2), dtype=np.int64)
    with pytest.raises(TooLarge):
        solve(points, points > 0, np.array([1, 1]), np.array([0, 0]), "best_total")


@pytest.mark.parametrize(
    ("mentee", "mentors", "musts", "minimum", "places", "barred", "reason", "told"),
    [
        ({"region": ["a"]}, [{"region": ["b"]}], ["region"], 0, [1], False, "must", "Region: A"),
        ({"region": ["a"]}, [{"region": ["a"]}], ["region"], 0, [0], False, "full", "no place"),
        ({"region": ["a"]}, [{"region": ["a"]}], [], 0, [1], True, "barred", "blocked"),
        ({"region": ["a"], "site": ["a"]}, [{"region": ["a"]}], [], 60, [1], False, "below", "50"),
        ({"region": ["a"]}, [{"region": ["a"]}], [], 0, [1], False, "taken", "closer"),
        ({"region": ["a"]}, [], [], 0, [], False, "nobody", "no mentor"),
        (
            {"region": ["a"], "site": ["a"]},
            [{"region": ["a"]}, {"site": ["a"]}],
            ["region", "site"], 0, [1, 1], False, "must", "all of “Region: A” and “Site: A”",
        ),
    ],
)  # fmt: skip
def test_whoever_is_left_out_is_told_why(
    mentee: Any, mentors: Any, musts: Any, minimum: int, places: Any, barred: bool,
    reason: str, told: str,
) -> None:  # fmt: skip
    rows, columns = people([mentee], mentors, places)
    grid = grid_of([question(key, 1) for key in KEYS], musts, rows, columns)
    allowed = grid.meets_musts & (grid.share >= minimum)
    if barred:
        allowed[:] = False
    found, sentence = explained(
        0, grid, allowed=allowed, places=np.array(places), minimum=minimum, spoken=SPOKEN
    )
    assert found is Reason(reason)
    assert told in sentence


def test_weights_of_a_run_replace_those_of_the_institute() -> None:
    questions = [question("areas", 3), question("region", 2), question("site", 1)]
    choices = Choices(weights={"areas": 0, "region": 0, "site": 9}, musts=("region",))
    assert [(one.key, one.weight) for one in asked_in(choices, questions)] == [
        ("region", 0), ("site", 9),
    ]  # fmt: skip


def test_nothing_leads_on_from_a_run_that_is_over() -> None:
    over = (states.State.PUBLISHED, states.State.DISCARDED)
    assert not any(states.can(state, action) for state in over for action in states.Action)


def test_page_on_pairing_shows_the_table_as_it_is() -> None:
    page = Path(__file__).parents[3] / "docs" / "architecture" / "pairing.md"
    assert f"```mermaid\n{states.diagram()}\n```" in page.read_text()
