"""All runs, and the form that begins one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel.staff import staff_site
from core.matching.queries import questions
from core.pairing import queries, services
from core.pairing.forms import ChoicesForm, beginning
from core.pairing.staff.frame import WAY, member, page

A_PAGE = 50


@staff_site.page("pairing/", WAY)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All runs, latest first."""
    found = Paginator(queries.runs(), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "pairing/runs.html", "Match the whole pool", page=found)


@staff_site.page("pairing/new/", "pairing_new")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose who and how; the draft is worked out behind the page of a job."""
    asked, fields = questions(), list(queries.fields_to_filter())
    form = ChoicesForm(
        request.POST if request.method == "POST" else None,
        initial=beginning(asked),
        questions=asked,
        fields=fields,
    )
    if form.is_valid():
        return redirect(services.order(form.choices, by=member(request)))
    return page(
        request,
        "pairing/new.html",
        "Match the whole pool",
        status=422 if form.errors else 200,
        form=form,
    )
