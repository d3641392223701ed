"""The versions of a canvas: look at an old one, bring it back (product E2)."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.accounts.permissions import member_required
from core.canvases import permissions, queries, services
from core.canvases.models import Sheet, Version
from core.canvases.pages.boxes import read_only
from core.canvases.pages.finding import sheet_of
from core.mentorships.pages.reader import reader

A_PAGE = 20


@member_required
@require_safe
def history(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Who saved what when, latest first."""
    person = reader(request)
    sheet = sheet_of(person, sheet_id)
    page = Paginator(queries.versions(sheet), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "canvases/history.html",
        {
            "sheet": sheet,
            "page": page,
            "moments": queries.moments(sheet, list(page.object_list)),
            "first": page.number == 1,
        },
    )


@member_required
@require_safe
def version(request: HttpRequest, sheet_id: UUID, version_id: UUID) -> HttpResponse:
    """The canvas as it stood then."""
    person = reader(request)
    sheet = sheet_of(person, sheet_id)
    found = _version_of(sheet, version_id)
    latest = queries.versions(sheet).first()
    return render(
        request,
        "canvases/version.html",
        {
            "sheet": sheet,
            "version": found,
            "design": sheet.design,
            "boxes": read_only(sheet.design, found.texts),
            "is_latest": latest is not None and latest.pk == found.pk,
            "may_write": permissions.may_write(person, sheet.mentorship),
        },
    )


@member_required
@require_POST
def bring_back(request: HttpRequest, sheet_id: UUID, version_id: UUID) -> HttpResponse:
    """Let the canvas stand as it stood then."""
    person = reader(request)
    found = _version_of(sheet_of(person, sheet_id), version_id)
    sheet = services.bring_version_back(found, by=person)
    messages.success(request, f"Version {found.number} is back. What stood here is in the history.")
    return redirect(sheet)


def _version_of(sheet: Sheet, version_id: UUID) -> Version:
    found = queries.version_of(sheet, version_id)
    if found is None:
        raise Http404
    return found
