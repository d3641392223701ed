"""Staff write surveys: look, change, preview, publish a version (product E10)."""

from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.feedback import queries, services
from core.feedback.errors import SavedByOthers
from core.feedback.forms import AnswerForm, read, rearranged
from core.feedback.rules.survey import (
    AUDIENCES,
    CHOOSING,
    KINDS,
    LONGEST,
    MOMENTS,
    MOST_OPTIONS,
    Flaw,
    Moment,
    Survey,
    flaws,
)
from core.kernel.staff import staff_page, staff_site
from core.programme.queries import placeholders, policies, words

KIND_NAMES: Final = {
    "scale": "Scale from 1 to 5",
    "choice": "One answer of several",
    "choices": "Any number of answers",
    "text": "Own words",
}
NAMES: Final[Mapping[Moment, str]] = {"completion": "At the end", "midpoint": "On the way"}
BLANK_ROWS: Final = 2


@staff_site.page("surveys/", "surveys")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Both surveys: what is in force, when it is asked, earlier versions."""
    policy = policies()
    return staff_page(
        request,
        "feedback/staff/surveys.html",
        "Surveys",
        surveys=[
            {
                "moment": moment,
                "name": NAMES[moment],
                "survey": queries.in_force(moment),
                "versions": queries.versions(moment),
                "draft": queries.draft(moment),
                "counts": queries.asked_and_answered(moment),
            }
            for moment in MOMENTS
        ],
        policy=policy,
        weeks=policy.feedback_midpoint_weeks,
        open_wishes=queries.open_wishes(),
    )


@staff_site.page("surveys/<slug:moment>/", "survey")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, moment: str) -> HttpResponse:
    """Write the next version. Each button keeps what stands in the boxes."""
    chosen = known(moment)
    member = cast(Person, request.user)
    if request.method != "POST":
        return _editor(request, chosen, *_standing(chosen))
    step = request.POST.get("do", "save")
    if step == "discard":
        services.discard_draft(chosen)
        messages.success(request, "The draft is gone. The version in force stays as it is.")
        return redirect("staff:surveys")
    written, look = rearranged(read(request.POST), step)
    seen = request.POST.get("seen", "0")[:9]
    try:
        row = services.save_draft(
            chosen, written, seen=int(seen) if seen.isdecimal() else 0, by=member
        )
    except SavedByOthers as broken:
        standing = queries.draft(chosen)
        messages.error(request, broken.message)
        return _editor(request, chosen, written, standing.saves if standing else 0, status=409)
    if step == "publish":
        if found := flaws(written):
            return _editor(request, chosen, written, row.saves, found=found, status=422)
        made = services.publish_draft(chosen, by=member)
        messages.success(
            request,
            f"Version {made.number} is in force. Whoever was asked before keeps the version of "
            "that day.",
        )
        return redirect("staff:surveys")
    if step.startswith("preview"):
        return redirect(f"{reverse('staff:survey_preview', args=[chosen])}?draft=1")
    if step == "save":
        messages.success(request, "The draft is kept. Members see it when you publish it.")
    anchor = f"#{look}" if look else ""
    return redirect(f"{reverse('staff:survey', args=[chosen])}{anchor}")


@staff_site.page("surveys/<slug:moment>/preview/", "survey_preview")
@require_safe
def preview(request: HttpRequest, moment: str) -> HttpResponse:
    """A version, or the draft, as members see it: `?version=`, `?draft=1`, `?role=`."""
    chosen = known(moment)
    role = "mentor" if request.GET.get("role") == "mentor" else "mentee"
    back, version = reverse("staff:surveys"), request.GET.get("version", "")
    if "draft" in request.GET:
        document, _ = _standing(chosen)
        back = reverse("staff:survey", args=[chosen])
        if flaws(document):
            messages.error(request, "Finish the draft first: something is missing in it.")
            return redirect(f"{back}?check=1")
        survey = Survey.model_validate(document)
    else:
        found = {str(one.number): one for one in queries.versions(chosen)}.get(version)
        if version and found is None:
            raise Http404
        survey = Survey.model_validate(found.document) if found else queries.in_force(chosen)
    other = "mentee" if role == "mentor" else "mentor"
    query = {key: request.GET[key] for key in ("draft", "version") if key in request.GET}
    form = AnswerForm(
        survey=survey,
        role=role,
        names=placeholders(),
        team=words()["programme_team"].singular,
    )
    return render(
        request,
        "feedback/answer.html",
        {
            "form": form,
            "preview": True,
            "role": role,
            "back": back,
            "other": other,
            "other_query": urlencode({**query, "role": other}),
        },
    )


def known(moment: str) -> Moment:
    """One of the surveys that there are; raises Http404."""
    if moment not in MOMENTS:
        raise Http404
    return moment


def _standing(moment: Moment) -> tuple[dict[str, Any], int]:
    """What is written at, and how often it was saved; without a draft the version in force."""
    row = queries.draft(moment)
    if row is not None and set(row.document) >= {"title", "intro", "questions", "thanks"}:
        return row.document, row.saves
    return queries.in_force(moment).model_dump(mode="json"), row.saves if row else 0


def _editor(
    request: HttpRequest,
    moment: Moment,
    document: Mapping[str, Any],
    saves: int,
    *,
    found: list[Flaw] | None = None,
    status: int = 200,
) -> HttpResponse:
    if found is None:
        found = flaws(document) if "check" in request.GET else []
    wrong: dict[tuple[str, str], str] = {}
    for flaw in found:
        wrong.setdefault((flaw.question, flaw.box), flaw.message)
    questions = document["questions"]
    spoken = words()
    return staff_page(
        request,
        "feedback/staff/survey.html",
        f"Survey: {NAMES[moment].lower()}",
        status=status,
        moment=moment,
        draft=queries.draft(moment),
        saves=saves,
        document=document,
        most=LONGEST,
        wrong=_wrong_in("", wrong),
        flaws=found,
        questions=[
            {
                **one,
                "kind_name": KIND_NAMES[one["kind"]],
                "chooses": one["kind"] in CHOOSING,
                "wrong": _wrong_in(one["key"], wrong),
                "blanks": range(min(BLANK_ROWS, max(0, MOST_OPTIONS - len(one["options"])))),
            }
            for one in questions
        ],
        kinds=[(kind, KIND_NAMES[kind]) for kind in KINDS],
        audiences=[
            (who, "Both" if who == "both" else f"Only the {spoken[who].plural}")
            for who in AUDIENCES
        ],
    )  # fmt: skip


def _wrong_in(question: str, wrong: Mapping[tuple[str, str], str]) -> dict[str, str]:
    return {box: message for (key, box), message in wrong.items() if key == question}
