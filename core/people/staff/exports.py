"""Find people, and take those found along as a file."""

from typing import cast
from uuid import UUID

from django.core.files.base import File
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.kernel import downloads, jobs
from core.kernel.staff import staff_site
from core.people.forms import ExportForm, SearchForm
from core.people.models import Export
from core.people.queries.finding import found
from core.people.rules.finding import AT_ONCE
from core.people.services import exporting
from core.people.staff.frame import PER_PAGE, may_write, page, query_without_page


@staff_site.page("people/find/", "people_export")
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """People by every sign; posting gives a file of those found."""
    search = SearchForm(request.POST if request.method == "POST" else request.GET)
    people = found(search.wanted)
    export = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and export.is_valid():
        return cast(HttpResponse, _handed_out(request, search, export, people.count()))
    return page(
        request,
        "people",
        "Find and export people",
        status=422 if export.errors else 200,
        search=search,
        export=export,
        may_write=may_write(request, "people_export"),
        rows=Paginator(people, PER_PAGE).get_page(request.GET.get("page")),
        query=query_without_page(request),
    )


@staff_site.page("people/find/<uuid:export_id>/", "people_export_ready")
@require_safe
def ready(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Where a large file waits to be fetched, by whoever ordered it."""
    return page(request, "export_ready", "The file is ready", export=_own(request, export_id))


@staff_site.page("people/find/<uuid:export_id>/file/", "people_export_file")
@require_safe
def file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """A large file, for whoever ordered it."""
    export = _own(request, export_id)
    try:
        answer = downloads.private_file(
            export.stored_as,
            name=f"people.{export.file_format}",
            content_type=exporting.TYPES[export.file_format],
            inline=False,
        )
    except FileNotFoundError:
        raise Http404 from None
    return cast(HttpResponse, answer)


def _handed_out(
    request: HttpRequest, search: SearchForm, export: ExportForm, count: int
) -> HttpResponseBase:
    member = cast(Person, request.user)
    wanted, columns = search.wanted, export.cleaned_data["columns"]
    file_format = export.cleaned_data["file_format"]
    if count > AT_ONCE:
        with transaction.atomic():
            made = exporting.order(wanted, columns, file_format, by=member)
            job = jobs.order(
                kind="people.export",
                title=f"A file of {count:,} people",
                about={"export": str(made.pk)},
                by=member,
                done_url=reverse("staff:people_export_ready", args=[made.pk]),
                back_url=reverse("staff:people_export"),
            )
        return redirect(job)
    content, _ = exporting.at_once(wanted, columns, file_format, by=member)
    answer = FileResponse(
        File(content),
        as_attachment=True,
        filename=f"people.{file_format}",
        content_type=exporting.TYPES[file_format],
    )
    downloads.guard(answer)
    return answer


def _own(request: HttpRequest, export_id: UUID) -> Export:
    found_one = Export.objects.filter(pk=export_id, owner=cast(Person, request.user)).first()
    if found_one is None or not found_one.stored_as:
        raise Http404
    return found_one
