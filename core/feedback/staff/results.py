"""Results of the surveys: without names, and only in groups of five or more (product E10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.feedback import queries
from core.feedback.forms import ResultsForm
from core.feedback.rules.results import CHANGE_WITHIN, FEWEST, Result, results
from core.feedback.rules.survey import Moment, Survey
from core.feedback.staff.surveys import NAMES, known
from core.kernel import sheets
from core.kernel.staff import staff_site
from core.programme.queries import placeholders
from core.programme.rules import expand

CONCERN_NAME = "Something that went wrong (without those who asked to be contacted)"


@staff_site.page("surveys/<slug:moment>/results/", "survey_results")
@require_safe
def page(request: HttpRequest, moment: str) -> HttpResponse:
    """Every question with its bars, its table, its texts; narrowed by version, role, period."""
    chosen = known(moment)
    form, found = _found(request, chosen)
    request.current_app = staff_site.name
    return render(
        request,
        "feedback/staff/results.html",
        {
            **staff_site.each_context(request),
            "title": f"Results: {NAMES[chosen].lower()}",
            "moment": chosen,
            "form": form,
            "results": found,
            "counts": queries.asked_and_answered(chosen),
            "fewest": FEWEST,
            "days": CHANGE_WITHIN.days,
            "query": request.GET.urlencode(),
        },
    )


@staff_site.page("surveys/<slug:moment>/results/figures.csv", "survey_figures_file")
@require_safe
def figures_file(request: HttpRequest, moment: str) -> HttpResponse:
    """The bars of the page as rows."""
    chosen = known(moment)
    _, found = _found(request, chosen)
    rows = [
        [one["label"], bar["label"], bar["count"], bar["share"], one["result"].count]
        for one in found
        for bar in one["bars"]
    ]
    header = ["Question", "Answer", "Times given", "Per cent", "Answers to the question"]
    return sheets.csv_file(f"feedback-{chosen}", header, rows)


@staff_site.page("surveys/<slug:moment>/results/texts.csv", "survey_texts_file")
@require_safe
def texts_file(request: HttpRequest, moment: str) -> HttpResponse:
    """The texts of the page, without names, in an order that says nothing."""
    chosen = known(moment)
    _, found = _found(request, chosen)
    rows = [[one["label"], text] for one in found for text in one["result"].texts]
    return sheets.csv_file(f"feedback-{chosen}-texts", ["Question", "Answer"], rows)


def _found(request: HttpRequest, moment: Moment) -> tuple[ResultsForm, list[dict[str, Any]]]:
    surveys = {one.number: Survey.model_validate(one.document) for one in queries.versions(moment)}
    form = ResultsForm(
        request.GET, versions=sorted(surveys, reverse=True), years=queries.years(moment)
    )
    found = results(queries.counted(moment), surveys, form.choice, CONCERN_NAME)
    names = placeholders()
    return form, [_worded(one, names) for one in found]


def _worded(result: Result, names: dict[str, str]) -> dict[str, Any]:
    return {
        "result": result,
        "label": expand(result.label, names),
        "bars": [
            {"label": expand(bar.label, names), "count": bar.count, "share": bar.share}
            for bar in result.bars
        ],
    }
