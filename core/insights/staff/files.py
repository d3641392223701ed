"""Every tile as a CSV file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.insights import queries
from core.insights.forms import chosen
from core.insights.staff.fresh import keep_fresh
from core.kernel import sheets
from core.kernel.staff import staff_site


@staff_site.page("visits.csv", "visits_file")
@require_safe
def visits_file(request: HttpRequest) -> HttpResponse:
    """Visits per month of the chosen period."""
    header = ["Month", *queries.kind_labels(), "All visits", "Year before", "Still running"]
    rows = [
        [f"{m.first_day:%Y-%m}", *m.parts, m.total, "" if m.before is None else m.before,
         m.unfinished]
        for m in queries.visits(chosen(request).period)
    ]  # fmt: skip
    return sheets.csv_file("visits-per-month", header, rows)


@staff_site.page("tiles/<slug:tile>.csv", "tile_file")
@require_safe
def tile_file(request: HttpRequest, tile: str) -> HttpResponse:
    """One tile of the chosen period and segment. 404 for an unknown one."""
    asked = chosen(request)
    keep_fresh()
    board = queries.board(asked.period, asked.segment, asked.questions)
    table = queries.tables(board, queries.waiting()).get(tile)
    if table is None:
        raise Http404
    about = f"{asked.period.name}; {asked.segment_name or 'everybody'}"
    return sheets.csv_file(
        f"{tile}-{asked.period.first:%Y-%m}-{asked.period.last:%Y-%m}",
        [*table.header, "About"],
        [[*row, about] for row in table.rows],
    )
