"""What two partners have of one kind of canvas: begin another, delete, undo (product E2)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from core.accounts.permissions import member_required
from core.canvases import permissions, queries, rules, services
from core.canvases.models import Sheet
from core.canvases.pages.finding import mentorship_of, partner_in, sheet_of
from core.canvases.rules import Design
from core.mentorships.pages.reader import reader


@member_required
@require_safe
def listing(request: HttpRequest, mentorship_id: UUID, kind: str) -> HttpResponse:
    """The canvases of one kind, latest change first, and those that can be brought back."""
    person = reader(request)
    mentorship = mentorship_of(person, mentorship_id)
    designs = queries.designs()
    design = designs.get(kind) or _former(kind)
    sheets = list(queries.together(mentorship, kind))
    removed = list(queries.removed(mentorship, kind)[: rules.SHEETS_A_KIND])
    may_write = permissions.may_write(person, mentorship)
    return render(
        request,
        "canvases/list.html",
        {
            "mentorship": mentorship,
            "partner": partner_in(mentorship, person),
            "kind": kind,
            "design": design,
            "others": [(key, one.label) for key, one in designs.items() if key != kind],
            "sheets": [(one, _filled(one)) for one in sheets],
            "removed": removed if may_write else [],
            "just_removed": _named(request.GET.get("removed", ""), removed) if may_write else None,
            "days": rules.UNDO.days,
            "may_write": may_write,
            "may_begin": may_write and kind in designs,
        },
    )


@member_required
@require_POST
def new(request: HttpRequest, mentorship_id: UUID, kind: str) -> HttpResponse:
    """Begin a canvas and go to it."""
    person = reader(request)
    return redirect(services.begin(mentorship_of(person, mentorship_id), kind, by=person))


@member_required
@require_POST
def remove(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Delete a canvas; the list offers to undo it."""
    person = reader(request)
    removed = services.remove(sheet_of(person, sheet_id), by=person)
    query = urlencode({"removed": str(removed.pk)})
    return redirect(f"{_list_of(removed)}?{query}")


@member_required
@require_POST
def restore(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Bring a deleted canvas back."""
    person = reader(request)
    sheet = services.restore(sheet_of(person, sheet_id), by=person)
    messages.success(request, f"“{sheet.title}” is back.")
    return redirect(sheet)


def _list_of(sheet: Sheet) -> str:
    return reverse("canvases:list", args=[sheet.mentorship_id, sheet.kind])


def _former(kind: str) -> Design:
    """A design that is no longer in use: what was begun with it can be read."""
    edition = queries.latest_edition(kind)
    if edition is None:
        raise Http404
    return Design.model_validate(edition.document)


def _named(key: str, removed: list[Sheet]) -> Sheet | None:
    return next((one for one in removed if str(one.pk) == key), None)


def _filled(sheet: Sheet) -> str:
    """ "3 of 4 boxes filled in"."""
    texts = [text for _, text in sheet.filled()]
    done = sum(1 for text in texts if text.strip())
    if not done:
        return "Still empty"
    return "All filled in" if done == len(texts) else f"{done} of {len(texts)} boxes filled in"
