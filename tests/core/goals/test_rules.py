"""Dates in words, days that cannot be, hints, and the words for the letters."""

from datetime import date

import pytest
from pydantic import ValidationError

from core.goals import rules

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 8), "Due 6 days from now"),
        (date(2026, 3, 3), "Due tomorrow"),
        (date(2026, 3, 2), "Due today"),
        (date(2026, 3, 1), "1 day overdue"),
        (date(2026, 2, 28), "2 days overdue"),
    ],
)
def test_a_date_is_said_in_words(day: date, words: str) -> None:
    assert rules.due_in_words(day, TODAY) == words


def test_a_past_day_is_refused_unless_it_stands_already() -> None:
    past = date(2026, 2, 1)
    with pytest.raises(rules.DayRefused, match="in the past"):
        rules.check_day(past, TODAY)
    rules.check_day(past, TODAY, standing=past)
    rules.check_day(TODAY, TODAY)
    with pytest.raises(rules.DayRefused, match="20 years"):
        rules.check_day(date(2100, 1, 1), TODAY)


def _hints(label: str, *, has_date: bool = True, milestones: int = 0) -> list[str]:
    found = rules.hints(
        label=label, details="", has_date=has_date, milestones=milestones, smart=rules.Smart()
    )
    return [word for word, _ in found]


def test_a_hint_names_the_letter_that_a_goal_lacks() -> None:
    assert _hints("Be better at meetings", has_date=False) == ["Measurable", "Timebound"]
    assert _hints("Lead four meetings") == []
    assert _hints("٣ اجتماعات") == []
    assert _hints("Be better at meetings", milestones=2) == []


def test_the_five_words_spell_smart() -> None:
    assert "".join(letter for letter, _ in rules.Smart().letters) == "SMART"
    with pytest.raises(ValidationError):
        rules.Smart(a=rules.Letter(word="Relevant", guidance="x"))


def test_what_is_typed_loses_control_characters_and_keeps_scripts_and_lines() -> None:
    assert rules.clean_text("a\r\nb\x00c\u202e") == "a\nbc"
    assert rules.one_line("  goal \n two  👩🏽\u200d🚀 ") == "goal two 👩🏽\u200d🚀"
