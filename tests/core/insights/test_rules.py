"""Months and the drawing of the graph."""

from datetime import date

import pytest

from core.insights.rules import (
    FEWEST,
    PERIODS,
    ROADS,
    Month,
    Number,
    Period,
    Side,
    Step,
    chart,
    funnel,
    months,
    months_before,
    read_period,
    scale,
    spread,
)

LABELS = ("Mentees", "Guests")
PRESENT = date(2026, 3, 1)


def last(count: int) -> Period:
    return Period(months_before(PRESENT, count - 1), PRESENT, PRESENT)


def counted(*per_month: tuple[date, int, int]) -> dict[date, tuple[int, int]]:
    return {month: (one, two) for month, one, two in per_month}


def test_months_before_crosses_years_both_ways() -> None:
    assert months_before(date(2026, 1, 1), 1) == date(2025, 12, 1)
    assert months_before(date(2026, 3, 1), 24) == date(2024, 3, 1)
    assert months_before(date(2025, 12, 1), -1) == date(2026, 1, 1)


def test_no_visits_at_all_show_the_present_month_alone() -> None:
    (only,) = months({}, last(12), first=None, kinds=2)
    assert (only.first_day, only.total, only.before, only.unfinished) == (
        date(2026, 3, 1),
        0,
        None,
        True,
    )


def test_months_begin_with_the_first_that_was_counted_and_leave_no_gap() -> None:
    shown = months(
        counted((date(2025, 12, 1), 3, 4)),
        last(12),
        first=date(2025, 12, 24),
        kinds=2,
    )
    assert [(m.first_day.month, m.total) for m in shown] == [(12, 7), (1, 0), (2, 0), (3, 0)]


def test_the_year_before_is_known_only_where_it_was_counted() -> None:
    shown = months(
        counted((date(2025, 2, 1), 10, 0), (date(2026, 2, 1), 15, 0)),
        last(3),
        first=date(2025, 2, 1),
        kinds=2,
    )
    assert [month.before for month in shown] == [None, 10, 0]
    assert shown[1].change == 50


def test_a_month_in_which_counting_began_late_is_no_measure() -> None:
    shown = months(
        counted((date(2025, 2, 1), 1, 0), (date(2026, 2, 1), 15, 0)),
        last(3),
        first=date(2025, 2, 27),
        kinds=2,
    )
    assert [month.before for month in shown] == [None, None, 0]


def test_a_month_that_still_runs_is_compared_with_nothing() -> None:
    assert Month(date(2026, 3, 1), (5, 0), before=50, unfinished=True).change is None
    assert Month(date(2026, 2, 1), (5, 0), before=0).change is None
    assert Month(date(2026, 2, 1), (5, 0), before=50).change == -90


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (37, [0, 10, 20, 30, 40]),
        (940, [0, 250, 500, 750, 1000]),
        (1200, [0, 500, 1000, 1500]),
    ],
)
def test_the_grid_has_round_values_up_to_the_highest(highest: int, expected: list[int]) -> None:
    assert scale(highest) == expected


def test_the_grid_always_reaches_the_highest_and_stays_small() -> None:
    for highest in (*range(1, 1200), 123_456, 10**9):
        lines = scale(highest)
        assert lines[-1] >= highest
        assert len(lines) <= 6
        assert lines == sorted(set(lines))


def _shown(number: int, *, before: bool = True) -> list[Month]:
    return [
        Month(
            months_before(date(2026, 3, 1), number - 1 - index),
            (10 * (index + 1), 5),
            before=7 if before else None,
            unfinished=index == number - 1,
        )
        for index in range(number)
    ]


@pytest.mark.parametrize("number", [0, 1, 12, 24, 36, 120])
@pytest.mark.parametrize("width", [380, 760])
def test_a_graph_of_any_length_stays_in_its_frame(number: int, width: int) -> None:
    drawn = chart(_shown(number), LABELS, width=width, height=320, narrowest=10)
    assert drawn.long is (width - 60 < 10 * number)
    assert len(drawn.bars) == number
    for bar in drawn.bars:
        assert drawn.left <= bar.x
        assert bar.x + bar.width <= drawn.right
        for piece in bar.pieces:
            assert drawn.top - 0.01 <= piece.y
            assert piece.y + piece.height <= drawn.floor + 0.01
    overlaps = zip(drawn.bars, drawn.bars[1:], strict=False)
    assert all(first.x + first.width < second.x for first, second in overlaps)


def test_a_line_needs_two_months_of_the_year_before() -> None:
    assert chart(_shown(1), LABELS, width=760, height=320).line == ""
    assert len(chart(_shown(1), LABELS, width=760, height=320).dots) == 1
    assert chart(_shown(12, before=False), LABELS, width=760, height=320).dots == ()
    assert len(chart(_shown(12), LABELS, width=760, height=320).line.split()) == 12


def test_the_last_month_is_always_labelled() -> None:
    for number in (1, 12, 24, 36):
        assert chart(_shown(number), LABELS, width=380, height=320).bars[-1].labelled


def test_a_bar_says_in_words_what_it_shows() -> None:
    shown = [Month(date(2026, 2, 1), (1200, 34), before=1100)]
    bar = chart(shown, LABELS, width=760, height=320).bars[0]
    assert bar.heading == "February 2026: 1,234 visits"
    assert bar.detail == "mentees 1,200, guests 34, year before 1,100"


@pytest.mark.parametrize(
    ("asked", "first", "last_month", "noted"),
    [
        ({}, date(2025, 4, 1), PRESENT, False),
        ({"months": "36"}, date(2023, 4, 1), PRESENT, False),
        ({"from": "2024-11", "to": "2025-02"}, date(2024, 11, 1), date(2025, 2, 1), False),
        ({"from": "2025-11"}, date(2025, 11, 1), PRESENT, False),
        ({"to": "2025-06"}, date(2024, 7, 1), date(2025, 6, 1), False),
        ({"from": "2026-01", "to": "2031-01"}, date(2026, 1, 1), PRESENT, False),
        ({"from": "2000-01"}, date(2016, 4, 1), PRESENT, True),
        ({"from": "2025-06", "to": "2025-05"}, date(2025, 4, 1), PRESENT, True),
        *(
            ({"from": nonsense}, date(2025, 4, 1), PRESENT, True)
            for nonsense in (
                "x",
                "2025-13",
                "2025-0",
                "²025-01",
                "0001-01",
                "2025-01-01",
                "9" * 400,
            )
        ),
        *(
            ({"months": nonsense}, date(2025, 4, 1), PRESENT, True)
            for nonsense in ("13", "0", "-12", "x", "²", "9" * 400)
        ),
    ],
)
def test_any_address_gives_a_period(
    asked: dict[str, str], first: date, last_month: date, noted: bool
) -> None:
    period = read_period(asked, present=PRESENT)
    assert (period.first, period.last, bool(period.note)) == (first, last_month, noted)
    again = read_period(dict(period.query), present=PRESENT)
    assert (again.first, again.last) == (first, last_month)


def test_a_usual_period_is_named_only_when_it_ends_now() -> None:
    assert [last(count).usual for count in PERIODS] == list(PERIODS)
    assert Period(date(2024, 3, 1), date(2025, 2, 1), PRESENT).usual is None


def test_a_funnel_tells_shares_of_all_and_of_the_step_before() -> None:
    numbers = (200, 150, 120, 60, 30, 15, 6)
    counts = {str(step): n for step, n in zip(ROADS[Side.MENTEE], numbers, strict=True)}
    steps = funnel(Side.MENTEE, counts, narrowed=False)
    assert [one.of_first for one in steps] == [None, 75, 60, 30, 15, 8, 3]
    assert [one.of_previous for one in steps] == [None, 75, 80, 50, 50, 50, 40]
    assert steps[3].width == 30
    assert Step.SEARCHED not in [one.step for one in funnel(Side.MENTOR, counts, narrowed=False)]


def test_a_small_number_of_a_segment_is_hidden_with_all_that_tells_it() -> None:
    counts = {"registered": 9, "complete": 5, "searched": FEWEST - 1}
    steps = funnel(Side.MENTEE, counts, narrowed=True)
    assert [str(one.number) for one in steps[:4]] == ["9", "5", *["fewer than 5"] * 2]
    assert [one.of_first for one in steps[2:]] == [None] * 5
    assert {one.width for one in steps[2:]} == {0.0}
    assert steps[2].number.shown == "fewer than 5"
    assert str(Number.of(3, narrowed=False)) == "3"
    assert spread({"24": 4}, narrowed=True).middle is None


def test_half_and_nine_of_ten_are_found_in_the_buckets() -> None:
    waits = spread({"24": 50, "48": 39, "72": 1, "96": 10}, narrowed=False)
    assert (waits.count.count, waits.middle, waits.late) == (100, 24, 72)
    assert spread({}, narrowed=False).middle is None
