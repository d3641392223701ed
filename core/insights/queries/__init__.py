"""The figures of the programme and the people behind each."""

from core.insights.queries.behind import Column, Listing, behind, step_names
from core.insights.queries.board import Board, Feedback, Figure, Kept, Scale, Topic, board
from core.insights.queries.segments import Question, name_of, questions
from core.insights.queries.tables import Table, tables
from core.insights.queries.visiting import KINDS, kind_labels, visits
from core.insights.queries.waiting import nudged_at, silent_rows, waiting, waiting_rows

__all__ = [
    "KINDS", "Board", "Column", "Feedback", "Figure", "Kept", "Listing", "Question", "Scale",
    "Table", "Topic", "behind", "board", "kind_labels", "name_of", "nudged_at", "questions",
    "silent_rows", "step_names", "tables", "visits", "waiting", "waiting_rows",
]  # fmt: skip
