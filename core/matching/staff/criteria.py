"""Staff say what mentors are searched by, and see whom mentees would find then (product F5)."""

import hashlib
import json
from typing import Final, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.matching import queries
from core.matching.forms import CriterionForm, NewCriterionForm, mentee_fields
from core.matching.models import Criterion
from core.matching.services import criteria as services

DECIDES: Final = frozenset({"active", "weight", "mentee_field"})
"""What decides on who is found first; the rest is about words."""


@staff_site.page("matching/", "criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """All criteria with their weights. Saving what changes the order shows first what it does."""
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if step and step not in ("look", "save"):
        return _step(request, step)
    standing = list(queries.all_criteria())
    rows = list(queries.all_criteria())  # these are filled from the form
    offered = mentee_fields()
    forms = [
        CriterionForm(
            request.POST if step else None,
            instance=row,
            offered=offered,
            prefix=row.mentor_field.key,
        )
        for row in rows
    ]
    if not step:
        return _page(request, forms, standing)
    if not all([form.is_valid() for form in forms]):  # noqa: C419 - every form says what is wrong
        return _page(request, forms, standing, status=422)
    if request.POST.get("seen") != _mark(standing):
        messages.error(
            request,
            "Somebody changed the criteria while you were writing. What you chose stands below: "
            "save again to put it in the place of theirs.",
        )
        return _page(request, forms, standing, status=409)
    decides = any(DECIDES & set(form.changed_data) for form in forms)
    agreed = not decides or request.POST.get("agreed") == _mark(rows)
    if step == "look" or not agreed:
        comparison = queries.compare(rows)
        return _page(request, forms, standing, comparison=comparison, agreed=_mark(rows))
    changed = services.put_criteria([form.instance for form in forms], by=_member(request))
    messages.success(
        request,
        "Saved. Searches go by it from now on." if changed else "Nothing was changed.",
    )
    return redirect("staff:criteria")


def _step(request: HttpRequest, step: str) -> HttpResponse:
    """Move, add or remove one."""
    step, _, key = step.partition(":")
    member = _member(request)
    try:
        if step == "add":
            form = NewCriterionForm(request.POST)
            if not form.is_valid():
                raise RuleBroken("Choose one of the questions in the list.")
            services.add_criterion(form.cleaned_data["mentor_field"], by=member)
            messages.success(
                request,
                "Added, and switched off. The index takes up its answers within minutes: switch it "
                "on then to see what it would change.",
            )
        elif step in ("up", "down"):
            services.move_criterion(key, -1 if step == "up" else 1, by=member)
        elif step == "remove":
            services.remove_criterion(key, by=member)
            messages.success(request, "Removed.")
        else:
            raise Http404
    except RuleBroken as broken:
        messages.error(request, broken.message)
    return redirect("staff:criteria")


def _mark(rows: list[Criterion]) -> str:
    text = json.dumps([[str(row.pk), services.state_of(row)] for row in rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _member(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _page(
    request: HttpRequest,
    forms: list[CriterionForm],
    standing: list[Criterion],
    *,
    status: int = 200,
    comparison: queries.Comparison | None = None,
    agreed: str = "",
) -> HttpResponse:
    new = NewCriterionForm()
    request.current_app = staff_site.name
    return render(
        request,
        "matching/staff/criteria.html",
        {
            **staff_site.each_context(request),
            "title": "Matching criteria",
            "forms": forms,
            "wrong": [form for form in forms if form.errors],
            "new": new,
            "may_add": new.fields["mentor_field"].queryset.exists(),  # type: ignore[attr-defined]
            "writes": staff_site.may(request, "criteria", Right.WRITE),
            "comparison": comparison,
            "agreed": agreed,
            "seen": _mark(standing),
        },
        status=status,
    )
