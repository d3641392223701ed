"""A member's record for a period: what goes in, the CSV file, and issuing it (product E14)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.cpd import queries, rules, services
from core.cpd.forms import PeriodForm
from core.cpd.pages.finding import member, period_of, scheme_of_site, today_of
from core.cpd.rules import Line, Period
from core.kernel import sheets
from core.kernel.errors import RuleBroken
from core.kernel.ids import new_id

PAGES = {
    "meeting": "cpd:meeting",
    "reflection": "cpd:reflection",
    "goal": "cpd:goal",
    "own": "cpd:change",
}
"""Where the hours of a line are changed, by its kind."""


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """The lines of a period; sending the form keeps what was chosen."""
    scheme, person = scheme_of_site(), member(request)
    period = period_of(request, person)
    if request.method == "POST":
        services.choose(period, set(request.POST.getlist("line")), by=person)
        messages.success(request, "Your choice is saved.")
        return redirect(f"{reverse('cpd:record')}?{period.query}")
    form = PeriodForm.of(period)
    if "period-first_day" in request.GET:
        form = PeriodForm(request.GET)
        if form.is_valid():
            return redirect(f"{reverse('cpd:record')}?{form.cleaned_data['period'].query}")
    lines = queries.lines_of(person, period)
    return render(
        request,
        "cpd/record.html",
        {
            "scheme": scheme,
            "period": period,
            "form": form,
            "groups": [
                (kind, name, PAGES[kind], [line for line in lines if line.kind == kind])
                for kind, name in rules.KINDS.items()
                if any(line.kind == kind for line in lines)
            ],
            "hours": rules.hours_of(queries.total(lines)),
            "minutes": queries.total(lines),
            "target_minutes": (scheme.hours_target or 0) * 60,
            "target_label": f"of {scheme.hours_target} hours a year",
            "chosen": sum(line.included for line in lines),
            "issued": queries.issued_of(person),
            "form_key": new_id(),
            "quick": _quick(person),
        },
        status=422 if form.errors else 200,
    )


@member_required
@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen, and make it a record with a code."""
    scheme, person = scheme_of_site(), member(request)
    period = period_of(request, person)
    services.choose(period, set(request.POST.getlist("line")), by=person)
    try:
        key: UUID | None = UUID(request.POST.get("form_key", ""))
    except ValueError:
        key = None
    try:
        made = services.issue(period, scheme, by=person, form_key=key)
    except RuleBroken as broken:
        messages.error(request, broken.message)
        return redirect(f"{reverse('cpd:record')}?{period.query}")
    messages.success(request, "Your record is issued.")
    return redirect(made)


@member_required
@never_cache
@require_safe
def csv(request: HttpRequest) -> HttpResponse:
    """The chosen lines of a period as a table."""
    scheme_of_site()
    person = member(request)
    period = period_of(request, person)
    header = ["Date", "Kind", "What", "Hours", "Measured hours", "Note", "Reflection"]
    rows = [_row(line) for line in queries.lines_of(person, period) if line.included]
    return sheets.csv_file(f"cpd-{period.first}-{period.last}", header, rows)


def _row(line: Line) -> list[object]:
    measured = line.measured / 60 if line.is_adjusted else ""
    return [
        line.day, rules.NAMES[line.kind], line.title, line.minutes / 60, measured, line.note,
        line.text,
    ]  # fmt: skip


def _quick(person: Person) -> list[tuple[str, Period]]:
    today = today_of(person)
    year = today.replace(month=1, day=1)
    before = year.replace(year=year.year - 1)
    return [
        ("Last twelve months", rules.latest_period(today)),
        (str(year.year), Period(year, year.replace(month=12, day=31))),
        (str(before.year), Period(before, before.replace(month=12, day=31))),
    ]
