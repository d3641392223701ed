"""Finding answers by words."""

from dataclasses import dataclass

from core.help.rules import ranked, terms


@dataclass
class Answer:
    question: str
    words: str


PASSWORD = Answer("I have forgotten my password", "Choose the link beside the form.")
LEAVE = Answer("How do I leave?", "Write to us. Your password is forgotten by then.")
MEETING = Answer("How do we arrange a meeting?", "Write to each other.")
ALL = [LEAVE, PASSWORD, MEETING]


def test_member_who_types_small_words_too_is_understood() -> None:
    assert terms("How do I arrange a MEETING?") == ["arrange", "meet"]


def test_member_who_types_only_small_words_still_searches() -> None:
    assert terms("how do I") == ["how", "do", "i"]


def test_member_who_types_no_word_searches_for_nothing() -> None:
    assert terms(" ?! ") == []


def test_question_that_holds_the_word_comes_before_an_answer_that_does() -> None:
    assert ranked(ALL, terms("forgotten passwords")) == [PASSWORD, LEAVE]


def test_entries_with_all_words_hide_those_with_some() -> None:
    assert ranked(ALL, terms("write each other")) == [MEETING]


def test_nothing_that_fits_gives_nothing() -> None:
    assert ranked(ALL, terms("zeppelin")) == []


def test_member_who_writes_email_finds_e_mail() -> None:
    asked = Answer("How do I change my e-mail address?", "Open Edit Account.")
    assert ranked([LEAVE, asked], terms("Email")) == [asked]
    assert ranked([LEAVE, asked], terms("e-mail")) == [asked]
