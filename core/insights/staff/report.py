"""The report to the board: the overview as a PDF in the institute's look."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.models import Person
from core.insights import queries
from core.insights.forms import choose, chosen
from core.insights.rules import FEWEST, Month, Reached, Side, scale
from core.insights.staff.fresh import keep_fresh
from core.kernel.clock import now
from core.kernel.papers import Order, Sheet, hand_out, makes
from core.kernel.staff import staff_site
from core.programme.queries import current, words

KIND = "board_report"
LETTERS = 20_000


@staff_site.page("report.pdf", "board_report")
@require_safe
def report_file(request: HttpRequest) -> HttpResponse:
    """The chosen period and segment as a PDF."""
    asked = chosen(request)
    order = Order(
        kind=KIND,
        about={**asked.period.query, "segment": asked.segment},
        owner_id=cast(Person, request.user).pk,
        title=f"Report, {asked.period.name}",
        file_name=f"report-{asked.period.first:%Y-%m}-{asked.period.last:%Y-%m}.pdf",
        back_url=f"{reverse('staff:index')}?{asked.address}",
        letters=LETTERS,
    )
    return hand_out(request, order)


@makes(KIND)
def _report(owner_id: UUID, about: dict[str, Any]) -> Sheet | None:
    if not Person.objects.filter(pk=owner_id, is_active=True, is_staff=True).exists():
        return None
    asked = choose({str(key): str(value) for key, value in about.items()})
    counting = keep_fresh()
    zone = ZoneInfo(current().time_zone)
    board = queries.board(asked.period, asked.segment, asked.questions)
    tables = queries.tables(board, queries.waiting())
    shown = queries.visits(asked.period)
    data = {
        "title": f"Report: {asked.period.name}",
        "made": f"{now().astimezone(zone):%-d %B %Y}",
        "counted": f"{counting.at.astimezone(zone):%-d %B %Y, %H:%M}",
        "segment": asked.segment_name,
        "fewest": FEWEST,
        "visits": _visits(shown, queries.kind_labels()),
        "figures": [
            {"label": row[0], "value": _written(row[1]), "note": _written(row[2])}
            for row in tables["figures"].rows
        ],
        "roads": [
            _road(Side.MENTEE, board.mentees),
            _road(Side.MENTOR, board.mentors),
        ],
        "missing": [one.label for one in board.topics if one.is_missing],
        "full": [one.label for one in board.topics if one.is_full],
        "tables": [
            {
                "title": tables[key].title,
                "header": list(tables[key].header),
                "rows": [[_written(cell) for cell in row] for row in tables[key].rows],
            }
            for key in ("topics", "times", "return", "feedback")
            if tables[key].rows
        ],
    }
    return Sheet(KIND, data)


def _visits(shown: Sequence[Month], kinds: Sequence[str]) -> dict[str, Any]:
    """Bars as parts of the greatest value of the scale; nothing is worked out in the template."""
    grid = scale(max([m.total for m in shown] + [m.before or 0 for m in shown], default=0))
    top = grid[-1]
    return {
        "kinds": list(kinds),
        "grid": [{"at": value / top, "label": f"{value:,}"} for value in grid],
        "months": [
            {
                "label": f"{month.first_day:%b}",
                "year": f"{month.first_day:%Y}",
                "first_of_year": month.first_day.month == 1,
                "name": f"{month.first_day:%B %Y}" + (" so far" if month.unfinished else ""),
                "parts": [part / top for part in month.parts],
                "total": f"{month.total:,}",
                "before_at": None if month.before is None else month.before / top,
                "before": "" if month.before is None else f"{month.before:,}",
                "change": "" if month.change is None else f"{month.change:+d} %",
            }
            for month in shown
        ],
        "sum": f"{sum(month.total for month in shown):,}",
    }


def _road(side: Side, steps: Sequence[Reached]) -> dict[str, Any]:
    names = queries.step_names(side)
    who = words()[side].plural
    return {
        "title": f"The road of {who}",
        "steps": [
            {
                "label": names[one.step],
                "number": str(one.number),
                "share": "" if one.of_first is None else f"{one.of_first} %",
                "before": "" if one.of_previous is None else f"{one.of_previous} %",
                "width": one.width / 100,
            }
            for one in steps
        ],
    }


def _written(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.2f}".rstrip("0").rstrip(".")
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
