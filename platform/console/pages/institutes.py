"""All institutes with their figures, and one of them with everything about it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from console import queries
from console.pages.found import institute_or_404
from console.permissions import may_read_mails, operators_only
from console.queries import PER_PAGE, TROUBLES, Wanted
from core.kernel.limits import allow
from tenants import domains, health, sender
from tenants.context import platform_scope
from tenants.models import Institute, Kind, State
from tenants.tasks import take_snapshots

TROUBLE_NAMES = {
    "": "Everything",
    "mail": "Mail that waits or failed",
    "migrations": "Migrations behind",
    "errors": "Errors of the last 7 days",
    "domains": "Domains not proved",
    "sender": "Sender records missing",
}
SORT_NAMES = {
    "name": "Name",
    "members": "Most members",
    "visits": "Most visits",
    "size": "Largest",
    "error": "Latest error",
    "newest": "Newest",
}


@operators_only
@require_safe
def institutes(request: HttpRequest) -> HttpResponse:
    """Every institute with its state and kept figures. `?q=&state=&trouble=&sort=` choose."""
    wanted = Wanted(
        query=request.GET.get("q", "").strip()[:100],
        state=request.GET.get("state", "")[:20],
        trouble=request.GET.get("trouble", "")[:20],
        sort=request.GET.get("sort", "name")[:20],
    )
    with platform_scope():
        found = Paginator(queries.institutes_found(wanted), PER_PAGE)
        page = found.get_page(request.GET.get("page"))
        on_page: list[Institute] = list(page.object_list)
    chosen = {"q": wanted.query, "state": wanted.state, "trouble": wanted.trouble}
    kept = urlencode(
        {key: value for key, value in (chosen | {"sort": wanted.sort}).items() if value}
    )
    return render(
        request,
        "console/institutes.html",
        {
            "wanted": wanted,
            "is_filtered": any(chosen.values()),
            "kept": kept,
            "page": page,
            "rows": queries.rows_of(on_page),
            "summary": queries.summary(),
            "states": [("", "All"), *State.choices],
            "troubles": [(key, TROUBLE_NAMES[key]) for key in TROUBLES],
            "sorts": list(SORT_NAMES.items()),
            "runs": queries.last_runs(),
            "reads_mails": may_read_mails(),
        },
    )


@operators_only
@require_POST
def refresh_all(request: HttpRequest) -> HttpResponse:
    """Ask a worker for fresh figures, at most once in ten seconds."""
    if not allow("console:refresh", limit=1, seconds=10):
        messages.warning(request, "Figures are being gathered already.")
        return redirect("console:institutes")
    try:
        take_snapshots.delay()
    except OperationalError:
        messages.warning(request, "The queue of tasks cannot be reached: nothing was started.")
    else:
        messages.success(request, "Fresh figures are being gathered. Load this page again shortly.")
    return redirect("console:institutes")


@operators_only
@require_POST
def refresh(request: HttpRequest, slug: str) -> HttpResponse:
    """Gather the figures of one institute now."""
    institute = institute_or_404(slug)
    if allow(f"console:refresh:{institute.pk}", limit=5, seconds=60):
        health.take_snapshots([institute], files=True)
        messages.success(request, "These are the figures of this moment.")
    else:
        messages.warning(request, "The figures were gathered several times just now.")
    return redirect("console:institute", institute.slug)


@operators_only
@require_safe
def institute(request: HttpRequest, slug: str) -> HttpResponse:
    """One institute: figures, addresses, sender, runs, visits and deeds of operators."""
    found = institute_or_404(slug)
    (row,) = queries.rows_of([found])
    with platform_scope():
        visits = list(queries.visits_of(found)[:10])
    return render(
        request,
        "console/institute.html",
        {
            "institute": found,
            "row": row,
            "is_site_of_operators": found.kind == Kind.OPERATORS,
            "domains": [(each, domains.is_own(each)) for each in row.domains],
            "runs": queries.runs_of(found),
            "visits": visits,
            "deeds": queries.deeds_of(found),
            "reads_mails": may_read_mails(),
        },
    )


@operators_only
@require_POST
def check_sender(request: HttpRequest, slug: str) -> HttpResponse:
    """Look the records of the sender address up now."""
    found = institute_or_404(slug)
    if not allow(f"console:sender:{found.pk}", limit=10, seconds=60):
        messages.warning(request, "The records were looked up several times just now.")
    elif sender.check(found) is None:
        messages.warning(request, "The institute has no sender address in its settings.")
    return redirect("console:institute", found.slug)


@operators_only
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Every stay of an operator in an institute, newest first."""
    with platform_scope():
        page = Paginator(queries.visits_of(), PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
    return render(request, "console/visits.html", {"page": page})
