"""An activity that the two fill in together, and its earlier versions (product E12)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.permissions import member_required
from core.journey import queries, services
from core.journey.errors import WrittenMeanwhile
from core.journey.forms import ActivityForm
from core.journey.models import Sheet, SheetVersion
from core.journey.pages.finding import Sight, sight
from core.journey.rules import Activity, Stage
from core.kernel.text import render_markdown
from core.programme.queries import placeholders
from core.programme.rules import expand


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, mentorship_id: UUID, activity: str) -> HttpResponse:
    """The sheet; posting saves it. Where both wrote in one box, both texts are shown."""
    seen = sight(request, mentorship_id)
    stage, found = _found(seen, activity)
    sheet = queries.sheet_of(seen.run, found.key)
    if request.method != "POST":
        return _page(request, seen, stage, found, sheet, _form(found, sheet))
    form = ActivityForm(request.POST, activity=found)
    if not form.is_valid():
        return _page(request, seen, stage, found, sheet, form, status=422)
    based_on = form.cleaned_data["version"] or 0
    try:
        services.fill_in(seen.run, found.key, form.answers, based_on=based_on, by=seen.person)
    except WrittenMeanwhile as both:
        sheet = queries.sheet_of(seen.run, found.key)
        form = ActivityForm(
            {**both.answers, "version": sheet.number if sheet else 0}, activity=found
        )
        return _page(
            request, seen, stage, found, sheet, form,
            clashes=both.clashes, refused=both.message, status=409,
        )  # fmt: skip
    messages.success(request, "Saved. Both of you see it.")
    return redirect(seen.address("activity", found.key))


@member_required
@require_safe
def version(request: HttpRequest, mentorship_id: UUID, activity: str, number: int) -> HttpResponse:
    """The sheet as it once stood."""
    seen = sight(request, mentorship_id)
    stage, found = _found(seen, activity)
    sheet = queries.sheet_of(seen.run, found.key)
    kept = sheet.versions.select_related("by").filter(number=number).first() if sheet else None
    if sheet is None or kept is None:
        raise Http404
    return _page(request, seen, stage, found, sheet, None, kept=kept)


def _found(seen: Sight, key: str) -> tuple[Stage, Activity]:
    found = seen.run.plan.activity(key)
    if found is None:
        raise Http404
    return found


def _form(found: Activity, sheet: Sheet | None) -> ActivityForm:
    initial = {**sheet.answers, "version": sheet.number} if sheet else {}
    return ActivityForm(initial=initial, activity=found)


def _page(
    request: HttpRequest,
    seen: Sight,
    stage: Stage,
    found: Activity,
    sheet: Sheet | None,
    form: ActivityForm | None,
    *,
    kept: SheetVersion | None = None,
    clashes: frozenset[str] = frozenset(),
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    names = placeholders()
    answers = kept.answers if kept else sheet.answers if sheet else {}
    boxes: list[dict[str, Any]] = [
        {
            "label": expand(question.label, names),
            "answer": answers.get(question.key, ""),
            "field": form[question.key] if form else None,
            "clash": question.key in clashes,
        }
        for question in found.questions
    ]
    return render(
        request,
        "journey/activity.html",
        {
            **seen.context(),
            "activity": found,
            "label": expand(found.label, names),
            "introduction": render_markdown(expand(found.introduction, names)),
            "stage": {
                "label": expand(stage.label, names),
                "url": seen.address("ending")
                if stage is seen.run.plan.last
                else seen.address("stage", stage.key),
            },
            "road_url": seen.address("road_map"),
            "sheet_url": seen.address("activity", found.key),
            "boxes": boxes,
            "form": form,
            "sheet": sheet,
            "kept": kept,
            "versions": [
                {"row": row, "url": seen.address("version", found.key, str(row.number))}
                for row in (queries.versions_of(sheet) if sheet else [])
            ],
            "refused": refused,
        },
        status=status,
    )
