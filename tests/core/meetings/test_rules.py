"""Dates, times and durations as people type them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.meetings import rules
from core.meetings.rules import TimeRefused

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:30", time(14, 30)), ("9:05", time(9, 5)), ("9.05", time(9, 5)), ("1430", time(14, 30)),
        ("2 pm", time(14)), ("2:30pm", time(14, 30)), ("12 am", time(0)), ("12 p.m.", time(12)),
        ("00:00", time(0)), (" 23:59 ", time(23, 59)),
    ],
)  # fmt: skip
def test_person_types_a_time_and_is_understood(typed: str, meant: time) -> None:
    assert rules.time_from_text(typed) == meant


@pytest.mark.parametrize("typed", ["", "noon", "14", "24:00", "14:60", "25:00", "13 pm", "٣:٣٠"])
def test_person_types_no_time_and_is_told_so(typed: str) -> None:
    with pytest.raises(TimeRefused):
        rules.time_from_text(typed)


def test_thirty_first_of_february_is_named_as_what_does_not_exist() -> None:
    with pytest.raises(TimeRefused, match="There is no 31 February 2026"):
        rules.day_from_boxes("31", "2", "2026")
    with pytest.raises(TimeRefused, match="There is no 29 February 2027"):
        rules.day_from_boxes("29", "2", "2027")
    assert rules.day_from_boxes("29", "02", "2028") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("boxes", "says"),
    [
        (("", "", ""), "Enter the date"),
        (("5", "", "2026"), "must include a month"),
        (("5", "March", "2026"), "in numbers"),
        (("5", "13", "2026"), "month must be a number from 1 to 12"),
        (("5", "3", "26"), "four numbers"),
        (("5", "3", "0000"), "four numbers"),
    ],
)
def test_incomplete_date_says_what_is_missing(boxes: tuple[str, str, str], says: str) -> None:
    with pytest.raises(TimeRefused, match=says):
        rules.day_from_boxes(*boxes)


@pytest.mark.parametrize("typed", ["0", "4", "481", "-60", "1.5", "an hour", "999999999", ""])
def test_absurd_duration_is_refused(typed: str) -> None:
    with pytest.raises(TimeRefused):
        rules.minutes_from_text(typed)


def test_hour_that_summer_time_skips_is_refused_where_it_is_skipped() -> None:
    with pytest.raises(TimeRefused, match="There is no 01:30 on 29 March 2026 in Europe/London"):
        rules.moment(date(2026, 3, 29), time(1, 30), LONDON)
    moment = rules.moment(date(2026, 3, 29), time(1, 30), NEW_YORK)
    assert moment == datetime(2026, 3, 29, 5, 30, tzinfo=UTC)


def test_hour_that_comes_twice_is_refused_and_the_next_one_is_not() -> None:
    with pytest.raises(TimeRefused, match="two moments at 01:30 on 25 October 2026"):
        rules.moment(date(2026, 10, 25), time(1, 30), LONDON)
    assert rules.moment(date(2026, 10, 25), time(2), LONDON) == datetime(
        2026, 10, 25, 2, tzinfo=UTC
    )


def test_time_is_kept_in_utc_on_both_sides_of_the_change() -> None:
    assert rules.moment(date(2026, 3, 28), time(14), LONDON).hour == 14
    assert rules.moment(date(2026, 3, 30), time(14), LONDON).hour == 13


def test_when_says_the_next_day_for_what_ends_after_midnight() -> None:
    start = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    end = start + timedelta(hours=1)
    assert rules.when_in_words(start, end, LONDON) == (
        "Thursday 5 March 2026, 23:30 to 00:30 on Friday 6 March"
    )
    assert rules.when_in_words(start, end, NEW_YORK) == "Thursday 5 March 2026, 18:30 to 19:30"


def test_unknown_zone_is_read_as_utc() -> None:
    assert rules.zone_named("Nowhere/At_All").key == "UTC"
    assert rules.zone_named("../etc/passwd").key == "UTC"


@pytest.mark.parametrize(
    ("minutes", "said"), [(45, "45 minutes"), (60, "1 hour"), (150, "2 hours 30 minutes")]
)
def test_duration_is_said_in_words(minutes: int, said: str) -> None:
    assert rules.duration_in_words(minutes) == said
