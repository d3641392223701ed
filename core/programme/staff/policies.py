"""The rules of the programme on the staff site (product F5): what follows is said before."""

import hashlib
import json
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.kernel.errors import Conflict
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.programme.forms.policies import PoliciesForm
from core.programme.models import Edition, Programme
from core.programme.rules import Policies
from core.programme.services import foresight, settings
from core.programme.staff import shared

KIND = "policies"


@staff_site.page("policies/", "policies")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """All rules in groups. Where running things are touched, saving asks first."""
    standing = Programme.objects.get().policies
    if request.method != "POST":
        begun = shared.begun(request, KIND).policies
        form = PoliciesForm(initial=PoliciesForm.begun_with(begun))
        effects = foresight.foreseen(standing, begun)
        return _page(request, form, effects=effects, after=begun, standing=standing)
    form = PoliciesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, standing=standing, status=422)
    wanted = form.policies
    effects = foresight.foreseen(standing, wanted)
    agreed = not effects or request.POST.get("agreed") == _mark(wanted, effects)
    if request.POST.get("step") != "save" or not agreed:
        return _page(
            request, form, effects=effects, after=wanted, standing=standing, looked=True
        )  # fmt: skip
    try:
        made = settings.put_settings(
            KIND,
            {"policies_data": wanted.model_dump(mode="json")},
            by=cast(Any, request.user),
            seen=shared.number_seen(request),
        )
    except Conflict as conflict:
        messages.error(request, conflict.message)
        return _page(
            request, form, effects=effects, after=wanted, standing=standing, status=409
        )  # fmt: skip
    messages.success(
        request,
        f"These rules hold now (version {made.number})." if made else "Nothing was changed.",
    )
    return redirect("staff:policies")


def _mark(wanted: Policies, effects: list[str]) -> str:
    """What was agreed to: these rules with these consequences."""
    text = json.dumps([wanted.model_dump(mode="json"), effects], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _page(
    request: HttpRequest,
    form: PoliciesForm,
    *,
    standing: Policies,
    effects: list[str] | None = None,
    after: Policies | None = None,
    looked: bool = False,
    status: int = 200,
) -> HttpResponse:
    rows = list(Edition.objects.filter(kind=KIND, key=KIND).order_by("-number")[:20])
    latest = shared.seen(KIND)
    asked = request.POST if request.method == "POST" else request.GET
    request.current_app = staff_site.name
    return render(
        request,
        "programme/staff/policies.html",
        {
            **staff_site.each_context(request),
            "title": "Rules of the programme",
            "form": form,
            "groups": list(form.groups()),
            "writes": staff_site.may(request, KIND, Right.WRITE),
            "effects": effects or [],
            "changed": _changed(form, standing, after) if after else [],
            "agreed": _mark(after, effects or []) if after else "",
            "looked": looked,
            "seen": latest if status == 409 else asked.get("seen", latest),
            "versions": rows,
        },
        status=status,
    )


def _changed(form: PoliciesForm, before: Policies, after: Policies) -> list[str]:
    """The names of the boxes that say something else now."""
    old, new = before.model_dump(), after.model_dump()
    return [str(form.fields[name].label) for name in new if old[name] != new[name]]
