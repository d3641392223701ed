"""For how long each kind of record is kept (product A11)."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site
from core.privacy.forms import PeriodsForm
from core.privacy.queries import retention as queries
from core.privacy.services import keeping
from core.security.permissions import recent_sign_in_required

RUNS = 20


@staff_site.page("retention/", "retention")
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def retention(request: HttpRequest) -> HttpResponse:
    """Periods; what would go is shown before they are put in force."""
    rules = personal.retentions()
    form = PeriodsForm(
        rules.values(),
        request.POST if request.method == "POST" else None,
        initial=queries.periods(),
    )
    shown: list[queries.Preview] = []
    if form.is_valid():
        days = form.days
        if request.POST.get("step") == "save" and request.POST.get("looked") == _seal(days):
            try:
                changed = keeping.set_periods(days, by=cast(Person, request.user))
            except RuleBroken as broken:
                messages.error(request, broken.message)
            else:
                said = "In force from now on. What is old goes within a day."
                messages.success(request, said if changed else "Nothing has changed.")
                return redirect("staff:retention")
        shown = [queries.preview(rules[key], number, by_name=True) for key, number in days.items()]
    return staff_page(
        request,
        "privacy/staff/retention.html",
        "How long records are kept",
        status=422 if form.errors else 200,
        form=form,
        rows=[(one, form[one.rule.key]) for one in queries.standing()],
        shown=[one for one in shown if one.count],
        spared=[one for one in shown if not one.count],
        total=sum(one.count for one in shown),
        runs=[
            (rules[run.key].title if run.key in rules else run.key, run)
            for run in queries.runs()[:RUNS]
        ],
        looked=form.is_bound and not form.errors,
        seal=_seal(form.days) if form.is_bound and not form.errors else "",
        may_write=staff_site.may(request, "retention", Right.WRITE),
    )


def _seal(days: dict[str, int]) -> str:
    """What was looked at: other periods than these are shown again before they are in force."""
    return ",".join(f"{key}:{days[key]}" for key in sorted(days))
