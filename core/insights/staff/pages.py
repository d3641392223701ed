"""The overview that the staff site opens with, the rows behind its figures, and their CSV files.

Only `core.kernel.staff.staff_site` serves these pages, and it lets in staff alone.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.insights.queries import Listing, behind, figures, kind_labels, visits
from core.insights.rules import LONGEST, PERIODS, chart
from core.kernel import sheets
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.programme.queries import current

PAGE = 50


def _period(request: HttpRequest) -> int:
    asked = request.GET.get("months", "")
    if not asked:
        return PERIODS[0]
    if asked.isdecimal() and asked.isascii() and len(asked) < 4 and int(asked) in PERIODS:
        return int(asked)
    messages.info(request, "There is no such period: the last twelve months are shown.")
    return PERIODS[0]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Visits per month first, then the figures (product F3). `?months=` chooses the period."""
    period = _period(request)
    shown, kinds = visits(period), kind_labels()
    request.current_app = staff_site.name
    return render(
        request,
        "insights/overview.html",
        {
            **staff_site.each_context(request),
            "may_see_people": staff_site.may(request, "figure", Right.READ),
            "title": "Overview",
            "months": shown,
            "wide": chart(shown, kinds, width=620, height=330),
            "narrow": chart(shown, kinds, width=330, height=300, left=44),
            "kinds": kinds,
            "period": period,
            "periods": PERIODS,
            "total": sum(month.total for month in shown),
            "last_full": next((m for m in reversed(shown) if not m.unfinished), None),
            "compares": any(month.before is not None for month in shown),
            "figures": figures(),
        },
    )


@require_safe
def visits_file(request: HttpRequest) -> HttpResponse:
    """Visits per month as CSV: every month that the graph can show."""
    header = ["Month", *kind_labels(), "All visits", "Year before", "Still running"]
    rows = [
        [f"{m.first_day:%Y-%m}", *m.parts, m.total, "" if m.before is None else m.before,
         m.unfinished]
        for m in visits(LONGEST)
    ]  # fmt: skip
    return sheets.csv_file("visits-per-month", header, rows)


@require_safe
def figures_file(request: HttpRequest) -> HttpResponse:
    """All figures as CSV."""
    rows = [[figure.label, figure.value, figure.change] for figure in figures()]
    return sheets.csv_file("figures", ["Figure", "Value", "Change"], rows)


@require_safe
def rows_behind(request: HttpRequest, figure: str) -> HttpResponse:
    """The people or relationships that a figure counts, by pages. 404 for an unknown figure."""
    listing = _listing(figure)
    page = Paginator(listing.rows, PAGE).get_page(request.GET.get("page"))
    request.current_app = staff_site.name
    return render(
        request,
        "insights/rows.html",
        {
            **staff_site.each_context(request),
            "title": listing.label,
            "figure": figure,
            "columns": listing.columns,
            "page": page,
            "rows": [
                {"cells": cells, "address": _address(listing, row)}
                for row, cells in zip(
                    page.object_list, _cells(listing, page.object_list), strict=True
                )
            ],
        },
    )


@require_safe
def rows_file(request: HttpRequest, figure: str) -> HttpResponse:
    """The same rows, all of them, as CSV."""
    listing = _listing(figure)
    return sheets.csv_file(
        figure,
        [column.heading for column in listing.columns],
        _cells(listing, listing.rows.iterator(chunk_size=2000)),
    )


def _listing(figure: str) -> Listing:
    try:
        return behind(figure)
    except KeyError:
        raise Http404 from None


def _cells(listing: Listing, rows: Iterable[Model]) -> Iterator[list[object]]:
    zone = ZoneInfo(current().time_zone)
    for row in rows:
        values = (column.value(row) for column in listing.columns)
        yield [v.astimezone(zone).date() if isinstance(v, datetime) else v for v in values]


def _address(listing: Listing, row: Model) -> str:
    """The row's own page on the staff site, where its app has one."""
    thing = listing.thing(row)
    if not staff_site.is_registered(type(thing)):
        return ""
    options = thing._meta
    return reverse(f"staff:{options.app_label}_{options.model_name}_change", args=[thing.pk])
