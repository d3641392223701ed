"""What counts as an answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiles.rules import (
    AnswerRefusedError,
    FieldRule,
    Kind,
    check,
    clean,
    clean_capacity,
    date_from_parts,
)


def rule(kind: Kind, **limits: Any) -> FieldRule:
    options = ["red", "green", "blue"]
    return FieldRule(key="key", label="Label", kind=kind, options=options, **limits)


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        (Kind.SHORT_TEXT, "  a \n b\tc ", "a b c"),
        (Kind.SHORT_TEXT, "Zu\u0308rn", "Zürn"),
        (Kind.LONG_TEXT, "a\r\n\r\nb\rc", "a\n\nb\nc"),
        (Kind.LONG_TEXT, "👩🏽‍🚀 naïve <b>", "👩🏽‍🚀 naïve <b>"),
        (Kind.CHOICE, "red", "red"),
        (Kind.CHOICES, ["blue", "red", "blue"], ["red", "blue"]),
        (Kind.CHOICES, ("green",), ["green"]),
        (Kind.NUMBER, " 12 ", 12),
        (Kind.NUMBER, "-3", -3),
        (Kind.NUMBER, 0, 0),
        (Kind.BOOLEAN, "no", False),
        (Kind.BOOLEAN, True, True),
        (Kind.DATE, "2028-02-29", "2028-02-29"),
        (Kind.LINK, "www.lamps.example", "https://www.lamps.example"),
        (Kind.LINK, "HTTP://lamps.example/a?b=c#d", "HTTP://lamps.example/a?b=c#d"),
        (Kind.SHORT_TEXT, "", None),
        (Kind.SHORT_TEXT, "   ", None),
        (Kind.CHOICES, [], None),
        (Kind.NUMBER, None, None),
    ],
)
def test_good_answer_is_kept_in_one_form(kind: Kind, raw: object, kept: object) -> None:
    assert clean(rule(kind), raw) == kept


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.SHORT_TEXT, "a\x00b"),
        (Kind.SHORT_TEXT, "a\x1b[31mb"),
        (Kind.LONG_TEXT, "a\x07b"),
        (Kind.LONG_TEXT, "\ud800"),
        (Kind.SHORT_TEXT, ["a"]),
        (Kind.SHORT_TEXT, {"a": "b"}),
        (Kind.CHOICE, "purple"),
        (Kind.CHOICE, ["red"]),
        (Kind.CHOICE, "RED"),
        (Kind.CHOICES, "red"),
        (Kind.CHOICES, ["red", "purple"]),
        (Kind.CHOICES, ["red", 1]),
        (Kind.CHOICES, ["red", None]),
        (Kind.CHOICES, [["red"]]),
        (Kind.NUMBER, "1.5"),
        (Kind.NUMBER, "1e5"),
        (Kind.NUMBER, "twelve"),
        (Kind.NUMBER, "９"),
        (Kind.NUMBER, "9" * 5000),
        (Kind.NUMBER, True),
        (Kind.NUMBER, 1.5),
        (Kind.BOOLEAN, "maybe"),
        (Kind.BOOLEAN, 1),
        (Kind.DATE, "2027-02-29"),
        (Kind.DATE, "2027-2-9"),
        (Kind.DATE, "20270209"),
        (Kind.DATE, "1027-02-09"),
        (Kind.DATE, "9999-12-31"),
        (Kind.LINK, "javascript:alert(1)"),
        (Kind.LINK, "JaVaScRiPt://lamps.example/%0aalert(1)"),
        (Kind.LINK, "java\tscript:alert(1)"),
        (Kind.LINK, "data:text/html,<script>"),
        (Kind.LINK, "mailto:wren@lamps.example"),
        (Kind.LINK, "ftp://lamps.example"),
        (Kind.LINK, "https://wren:secret@lamps.example"),
        (Kind.LINK, "https://"),
        (Kind.LINK, "https://localhost"),
        (Kind.LINK, "https://[lamps.example"),
        (Kind.LINK, "https://lamps.example:99999"),
        (Kind.LINK, 'https://lamps.example/"onclick="x'),
        (Kind.LINK, "https://lamps.example/a b"),
        (Kind.LINK, "https://lamps.example\\@evil.example"),
        (Kind.LINK, "https://lamps.example/\u202egnp"),
        (Kind.LINK, "https://lamps.example/" + "a" * 500),
    ],
)
def test_bad_answer_is_refused_with_a_sentence(kind: Kind, raw: object) -> None:
    with pytest.raises(AnswerRefusedError) as refusal:
        clean(rule(kind), raw)
    assert str(refusal.value).endswith((".", "?"))


@pytest.mark.parametrize(
    ("kind", "limits", "raw", "words"),
    [
        (Kind.SHORT_TEXT, {"max_length": 5}, "sixsix", "Use 5 characters or fewer."),
        (Kind.SHORT_TEXT, {}, "x" * 201, "Use 200 characters or fewer."),
        (Kind.LONG_TEXT, {}, "x" * 4001, "This is 1 character too many."),
        (Kind.CHOICES, {"maximum": 1}, ["red", "blue"], "Choose 1 at most. You have chosen 2."),
        (Kind.CHOICES, {"minimum": 2}, ["red"], "Choose at least 2."),
        (Kind.NUMBER, {"minimum": 3}, "2", "Enter 3 or more."),
        (Kind.NUMBER, {"maximum": 3}, "4", "Enter 3 or less."),
    ],
)
def test_answer_beyond_the_limits_is_told_the_limit(
    kind: Kind, limits: dict[str, Any], raw: object, words: str
) -> None:
    with pytest.raises(AnswerRefusedError, match=words.replace(".", r"\.")):
        clean(rule(kind, **limits), raw)


@pytest.mark.parametrize("kind", list(Kind))
def test_missing_required_answer_is_told_and_a_draft_may_miss_it(kind: Kind) -> None:
    asked = rule(kind, required=True)
    assert list(check([asked], {}).messages) == ["key"]
    assert check([asked], {}, draft=True).messages == {}


def test_no_is_an_answer_to_a_required_question() -> None:
    checked = check([rule(Kind.BOOLEAN, required=True)], {"key": "no"})
    assert checked.values == {"key": False}
    assert not checked.messages


def test_answers_to_unknown_fields_are_left_out() -> None:
    assert check([rule(Kind.CHOICE)], {"key": "red", "other": "x"}).values == {"key": "red"}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("9", "3", ""), "must include a year"),
        (("", "3", ""), "must include a day and a year"),
        (("9", "x", "2027"), "in numbers"),
        (("９", "3", "2027"), "in numbers"),
        (("9", "3", "27"), "four numbers"),
        (("31", "2", "2027"), "real date"),
        (("0", "0", "0000"), "real date"),
        (("1" * 99, "3", "2027"), "in numbers"),
    ],
)
def test_wrong_date_boxes_say_what_is_wrong(parts: tuple[str, str, str], words: str) -> None:
    with pytest.raises(AnswerRefusedError, match=words):
        date_from_parts(*parts)


def test_date_boxes_make_a_date_or_nothing() -> None:
    assert date_from_parts(" 9", "3 ", "2027") == "2027-03-09"
    assert date_from_parts("", " ", "") is None


@pytest.mark.parametrize("raw", [0, 51, "", "x", "2.5", None, True, "99999999999999999999"])
def test_impossible_number_of_mentees_is_refused(raw: object) -> None:
    with pytest.raises(AnswerRefusedError):
        clean_capacity(raw)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(kind=st.sampled_from(list(Kind)), raw=ANYTHING)
def test_anything_is_either_kept_or_refused_and_what_is_kept_is_kept_again(
    kind: Kind, raw: object
) -> None:
    try:
        kept = clean(rule(kind), raw)
    except AnswerRefusedError:
        return
    assert clean(rule(kind), kept) == kept
