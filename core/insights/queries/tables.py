"""Every tile as a table: for the page, for CSV and for the report to the board."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.insights.queries.behind import step_names
from core.insights.queries.board import Board
from core.insights.queries.waiting import Waiting
from core.insights.rules import Reached, Side
from core.programme.queries import words

Cell = object


@dataclass(frozen=True)
class Table:
    """A heading, the heads of the columns, and the rows."""

    key: str
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def tables(board: Board, waits: Waiting) -> dict[str, Table]:
    """The tables of all tiles by their keys."""
    spoken = words()
    asks, mentors = spoken["request"].plural, spoken["mentor"].plural
    made = [
        Table(
            "figures",
            "The programme in figures",
            ["Figure", "Value", "A year before"],
            [
                *([one.label, one.number.shown, one.change] for one in board.figures),
                [f"{_capital(asks)} waiting today", waits["waiting"], ""],
                [f"{_capital(mentors)} silent for 7 days", waits["silent_mentors"], ""],
            ],
        ),
        Table(
            "road",
            "From registration to completion",
            ["Who", "Step", "People", "Per cent of all", "Per cent of the step before"],
            [
                *_road(Side.MENTEE, board.mentees),
                *_road(Side.MENTOR, board.mentors),
            ],
        ),
        Table(
            "topics",
            "Supply and demand",
            [
                _capital(spoken["area"].singular),
                f"{_capital(spoken['mentee'].plural)} looking for a match",
                f"{_capital(mentors)} who offer it",
                "Of them with a place",
                f"{_capital(asks)} sent",
            ],
            [
                [one.label, one.mentees.shown, one.mentors.shown, one.open.shown, one.asked.shown]
                for one in board.topics
            ],
        ),
        Table(
            "times",
            "How long it takes",
            ["What", "Counted", "Half within, days", "Nine of ten within, days"],
            [
                [
                    f"From {spoken['request'].form('article')} to its answer",
                    board.answer.count.shown,
                    _days(board.answer.middle),
                    _days(board.answer.late),
                ],
                [
                    "From registration to the first match",
                    board.match.count.shown,
                    board.match.middle,
                    board.match.late,
                ],
            ],
        ),
        Table(
            "return",
            "Who comes back",
            ["What", "People", "Of", "Per cent"],
            [
                *(
                    [
                        f"Signed in {one.days} days after joining, or later",
                        one.kept.shown,
                        one.due.shown,
                        one.share,
                    ]
                    for one in board.kept
                ),
                [
                    f"Began {spoken['mentoring'].singular} again after it came to an end",
                    board.again.shown,
                    board.over.shown,
                    board.again_share,
                ],
            ],
        ),
        Table(
            "feedback",
            "What people say",
            ["Survey", "Question", "Answers", "Average, of 5", "Asked", "Answered"],
            [
                row
                for one in board.feedback
                for row in (
                    [one.label, "", "", "", one.asked, one.answered],
                    *(
                        [one.label, each.label, each.count, each.mean, "", ""]
                        for each in one.scales
                    ),
                )
            ],
        ),
    ]
    return {table.key: table for table in made}


def _road(side: Side, steps: Sequence[Reached]) -> list[list[Cell]]:
    names = step_names(side)
    who = _capital(words()[side].plural)
    return [
        [who, names[one.step], one.number.shown, one.of_first, one.of_previous] for one in steps
    ]


def _days(hours: float | None) -> float | None:
    return None if hours is None else round(hours / 24, 2)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
