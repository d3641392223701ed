"""What becomes of a box into which two people write, and what a design may be."""

import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st
from pydantic import ValidationError

from core.canvases.rules import DEFAULTS, Box, Design, Given, mark, plain, settle

TEXTS = st.text(max_size=30)


def test_change_on_the_text_that_stands_is_written() -> None:
    assert settle("old", Given("new", mark("old"))).text == "new"


def test_box_that_only_the_partner_changed_stays_theirs() -> None:
    settled = settle("theirs", Given("old", mark("old")))
    assert (settled.text, settled.clash) == ("theirs", False)


def test_both_wrote_the_same_is_no_clash() -> None:
    assert not settle("same", Given("same", mark("old"))).clash


@pytest.mark.parametrize(
    ("choice", "text"), [("mine", "mine"), ("theirs", "theirs"), ("both", "theirs\n\nmine")]
)
def test_choice_between_two_texts_is_kept(choice: str, text: str) -> None:
    given = Given("mine", mark("old"), choice, mark("theirs"))  # type: ignore[arg-type]
    settled = settle("theirs", given)
    assert (settled.text, settled.clash) == (text, False)


@pytest.mark.parametrize("choice", ["mine", "both"])
def test_choice_about_a_text_that_changed_again_is_asked_anew(choice: str) -> None:
    given = Given("mine", mark("old"), choice, mark("what theirs was"))  # type: ignore[arg-type]
    assert settle("theirs now", given).clash


@supposing(TEXTS, TEXTS, TEXTS)
def test_nothing_is_overwritten_that_the_writer_has_not_read(
    old: str, theirs: str, mine: str
) -> None:
    old, theirs, mine = plain(old), plain(theirs), plain(mine)
    settled = settle(theirs, Given(mine, mark(old)))
    assert settled.text == theirs or theirs == old
    if not settled.clash and mine not in (old, theirs):
        assert settled.text == mine


def test_default_designs_have_the_fields_that_people_know() -> None:
    assert [box.label for box in DEFAULTS["swot"].boxes] == [
        "Strengths", "Weaknesses", "Opportunities", "Threats",
    ]  # fmt: skip
    assert (DEFAULTS["swot"].columns, DEFAULTS["swot"].rows) == (2, 2)
    assert [box.label for box in DEFAULTS["gstar"].boxes] == [
        "Goals", "Situation", "Thinking", "Actions", "Results",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (Box(key="one", label="Two", row=2), "the key “one”"),
        (Box(key="two", label="ONE", row=2), "are called “ONE”"),
        (Box(key="two", label="Two"), "“Two” lies on “One”"),
        (Box(key="two", label="Two", column=4, wide=2), "does not fit"),
        (Box(key="title", label="Two", row=2), "cannot have the key"),
    ],
)
def test_design_whose_boxes_are_in_each_other_s_way_is_refused(second: Box, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Design(label="Own", boxes=(Box(key="one", label="One"), second))
