"""The people and relationships behind a number, page by page and as a file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.insights import queries, services
from core.insights.forms import Chosen, chosen
from core.insights.queries import Listing
from core.insights.rules import FEWEST, NUDGED_AGAIN_AFTER
from core.insights.staff.fresh import keep_fresh
from core.kernel import sheets
from core.kernel.clock import now
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.mentorships.models import Mentorship
from core.programme.queries import current

PAGE = 50


@staff_site.page("figures/<slug:figure>/", "figure")
@require_safe
def rows_behind(request: HttpRequest, figure: str) -> HttpResponse:
    """The people or relationships that a number counts, by pages. 404 for an unknown number."""
    asked = chosen(request)
    for note in asked.notes:
        messages.info(request, note)
    listing = _listing(request, figure, asked)
    too_small = listing.is_too_small(asked.segment) and not listing.waits
    rows = listing.rows.none() if too_small else listing.rows
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    of = request.GET.get("of", "")
    request.current_app = staff_site.name
    return render(
        request,
        "insights/rows.html",
        {
            **staff_site.each_context(request),
            "title": listing.label,
            "figure": figure,
            "asked": asked,
            "listing": listing,
            "too_small": too_small,
            "fewest": FEWEST,
            "query": asked.period.address(segment=asked.segment, of=of),
            "page": page,
            "may_nudge": listing.waits and staff_site.may(request, "nudge_all", Right.WRITE),
            "rows": [
                {"cells": cells, "address": address_of(listing.thing(row)), "wait": wait}
                for row, cells, wait in zip(
                    found,
                    _cells(listing, found),
                    waiting_lines(found) if listing.waits else [None] * len(found),
                    strict=True,
                )
            ],
        },
    )


@staff_site.page("figures/<slug:figure>.csv", "figure_file")
@require_safe
def rows_file(request: HttpRequest, figure: str) -> HttpResponse:
    """The same rows, all of them, as CSV."""
    asked = chosen(request)
    listing = _listing(request, figure, asked)
    if listing.is_too_small(asked.segment) and not listing.waits:
        raise Http404
    return sheets.csv_file(
        figure,
        [column.heading for column in listing.columns],
        _cells(listing, listing.rows.iterator(chunk_size=2000)),
    )


def waiting_lines(rows: Iterable[Mentorship]) -> list[dict[str, Any]]:
    """What waits, for how many days, who was nudged when, and whether they may be nudged now."""
    found = list(rows)
    nudged = queries.nudged_at([row.pk for row in found])
    at = now()
    zone = ZoneInfo(current().time_zone)
    return [
        {
            "row": row,
            "days": (at - row.waiting_since).days,
            "waits_for": services.waited_for(row),
            "nudged_on": last.astimezone(zone).date() if last else None,
            "may_nudge": last is None or last <= at - NUDGED_AGAIN_AFTER,
            "address": address_of(row),
        }
        for row in found
        for last in [nudged.get(row.pk)]
    ]


def address_of(thing: Model) -> str:
    """A row's own page on the staff site, where its app has one."""
    if not staff_site.is_registered(type(thing)):
        return ""
    options = thing._meta
    return reverse(f"staff:{options.app_label}_{options.model_name}_change", args=[thing.pk])


def _listing(request: HttpRequest, figure: str, asked: Chosen) -> Listing:
    keep_fresh()
    try:
        return queries.behind(figure, asked.period, asked.segment, request.GET.get("of", ""))
    except KeyError:
        raise Http404 from None


def _cells(listing: Listing, rows: Iterable[Model] | Sequence[Model]) -> Iterator[list[object]]:
    zone = ZoneInfo(current().time_zone)
    for row in rows:
        values = (column.value(row) for column in listing.columns)
        yield [v.astimezone(zone).date() if isinstance(v, datetime) else v for v in values]
