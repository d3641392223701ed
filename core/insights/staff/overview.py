"""The overview that the staff site opens with (product F3): visits first, then the programme.

Only `core.kernel.staff.staff_site` serves these pages, and it lets in staff alone.
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.insights import queries
from core.insights.forms import Chosen, chosen
from core.insights.queries import Board
from core.insights.rules import FEWEST, Chart, Month, Reached, Side, chart
from core.insights.staff import drawing
from core.insights.staff.fresh import keep_fresh
from core.insights.staff.people import waiting_lines
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.programme.queries import current, words

LONGEST_WAITS = 5


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Visits of the chosen period, and every tile of it."""
    asked = chosen(request)
    for note in asked.notes:
        messages.info(request, note)
    counting = keep_fresh()
    shown, kinds = queries.visits(asked.period), queries.kind_labels()
    board = queries.board(asked.period, asked.segment, asked.questions)
    waits = queries.waiting()
    years = asked.months(counting.first_month)
    request.current_app = staff_site.name
    return render(
        request,
        "insights/overview.html",
        {
            **staff_site.each_context(request),
            "title": "Overview",
            "may_see_people": staff_site.may(request, "figure", Right.READ),
            "may_nudge": staff_site.may(request, "nudge_all", Right.WRITE),
            "asked": asked,
            "first_months": drawing.options(years, asked.ends[0]),
            "last_months": drawing.options(years, asked.ends[1]),
            "counted_at": counting.at.astimezone(ZoneInfo(current().time_zone)),
            "rows": drawing.rows(shown),
            "charts": _charts(shown, kinds),
            "kinds": kinds,
            "total": sum(month.total for month in shown),
            "last_full": next((m for m in reversed(shown) if not m.unfinished), None),
            "compares": any(month.before is not None for month in shown),
            "board": board,
            "roads": _roads(board, asked),
            "waits": waits,
            "times": _times(board),
            "longest": waiting_lines(queries.silent_rows()[:LONGEST_WAITS]),
            "most": max((max(t.mentees.count, t.open.count) for t in board.topics), default=0) or 1,
            "missing": [one for one in board.topics if one.is_missing],
            "full": [one for one in board.topics if one.is_full],
            "fewest": FEWEST,
        },
    )


def _charts(shown: list[Month], kinds: list[str]) -> list[tuple[str, Chart, str]]:
    """One for wide screens and one for narrow ones; in long ones one moves sideways, so that one
    that is long on both is drawn once."""
    wide = chart(shown, kinds, width=620, height=330, narrowest=14)
    narrow = chart(shown, kinds, width=330, height=300, left=44, narrowest=11)
    drawn = [("any", wide)] if wide.long else [("wide", wide), ("narrow", narrow)]
    return [(name, one, drawing.bars(one)) for name, one in drawn]


def _times(board: Board) -> list[dict[str, Any]]:
    """The two times as words."""
    ask = words()["request"].form("article")
    return [
        {
            "label": f"From {ask} to its answer",
            "waits": board.answer,
            "key": "answered",
            "what": "answers",
            "middle": _hours(board.answer.middle),
            "late": _hours(board.answer.late),
        },
        {
            "label": "From registration to the first match",
            "waits": board.match,
            "key": "first-matches",
            "what": "matches",
            "middle": _days(board.match.middle),
            "late": _days(board.match.late),
        },
    ]


def _hours(hours: float | None) -> str:
    if hours is None or hours >= 24:
        return _days(None if hours is None else hours / 24)
    return f"{hours:.0f} hours"


def _days(days: float | None) -> str:
    if days is None:
        return ""
    return "1 day" if days == 1 else f"{days:,.0f} days"


def _roads(board: Board, asked: Chosen) -> list[dict[str, Any]]:
    return [
        {
            "side": side,
            "steps": [
                {"row": row, "name": names[row.step], "key": f"{side}-{row.step}"} for row in steps
            ],
        }
        for side, steps in _sides(board)
        for names in [queries.step_names(side)]
    ]


def _sides(board: Board) -> list[tuple[Side, list[Reached]]]:
    return [(Side.MENTEE, board.mentees), (Side.MENTOR, board.mentors)]
