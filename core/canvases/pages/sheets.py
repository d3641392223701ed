"""One canvas: reading it, writing on it, saving while typing (product E2, E3)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.canvases import errors, permissions, queries, services
from core.canvases.forms import given_in
from core.canvases.models import Sheet
from core.canvases.pages.boxes import fields, read_only
from core.canvases.pages.finding import sheet_of
from core.canvases.pages.holding import give_back, holds_texts
from core.canvases.rules import TITLE, Given, mark
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.mentorships.pages.reader import reader


@holds_texts
@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """The canvas. Posting saves it; where both wrote into one box, the page asks what stands."""
    person = reader(request)
    found = sheet_of(person, sheet_id)
    if request.method != "POST":
        if request.method == "GET":
            give_back(request, found, by=person)
            found = sheet_of(person, sheet_id)
        return _page(request, found, person)
    given = given_in(request.POST, _keys(found))
    try:
        outcome = services.save(found, given, by=person)
    except errors.NotWorkingTogether as broken:
        return _page(request, found, person, given=given, closed=broken.message, status=422)
    if outcome.refused:
        found = sheet_of(person, sheet_id)
        return _page(request, found, person, given=given, refused=outcome.refused, status=422)
    if outcome.clashes:
        return _page(request, sheet_of(person, sheet_id), person, status=409)
    messages.success(request, "The canvas is saved.")
    return redirect(found)


@never_cache
@require_POST
def autosave(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Keep what is being typed, and say how every box stands by now."""
    person = request.user
    if not isinstance(person, Person):
        back = reverse("canvases:sheet", args=[sheet_id])
        sign_in = f"{reverse('account_login')}?{urlencode({'next': back})}"
        return JsonResponse({"signed_out": sign_in}, status=401)
    found = sheet_of(person, sheet_id)
    given = given_in(request.POST, _keys(found))
    try:
        outcome = services.save(found, given, by=person, typing=True)
    except RuleBroken as broken:
        return JsonResponse({"closed": broken.message}, status=broken.status)
    kept = outcome.sheet
    waiting = queries.waiting(kept, person) if outcome.clashes else {}
    at = date_format(localtime(now(), ZoneInfo(person.time_zone)), "H:i")
    return JsonResponse(
        {
            "said": f"Saved at {at}" if given else "",
            "boxes": {
                key: {"text": text, "base": mark(text)} for key, text in kept.standing().items()
            },
            "clashes": {
                key: {"theirs": one.theirs, "seen": one.seen, "who": one.who}
                for key, one in waiting.items()
            },
            "refused": outcome.refused,
        }
    )


def _page(
    request: HttpRequest,
    found: Sheet,
    person: Person,
    *,
    given: Mapping[str, Given] | None = None,
    refused: Mapping[str, str] | None = None,
    closed: str = "",
    status: int = 200,
) -> HttpResponse:
    may_write = permissions.may_write(person, found.mentorship)
    waiting = queries.waiting(found, person)
    writing = may_write and found.removed_at is None
    context: dict[str, Any] = {
        "sheet": found,
        "design": found.design,
        "mentorship": found.mentorship,
        "partner": found.partner_of(person),
        "list_url": reverse("canvases:list", args=[found.mentorship_id, found.kind]),
        "may_write": may_write,
        "writing": writing,
        "closed": closed,
    }
    if writing:
        shown = fields(found, person, waiting, given=given, refused=refused)
        context |= {
            "title_field": shown[0],
            "fields": shown[1:],
            "clashes": [one for one in shown if one.waiting],
            "wrong": [one for one in shown if one.error],
        }
    else:
        context |= {
            "boxes": read_only(found.design, found.texts),
            "unsaved": _unsaved(found, given or {}, waiting),
        }
    return render(request, "canvases/sheet.html", context, status=status)


def _unsaved(
    found: Sheet, given: Mapping[str, Given], waiting: Mapping[str, queries.Waiting]
) -> list[tuple[str, str]]:
    """Texts that can no longer be written onto the canvas, to be copied from the page."""
    standing = found.standing()
    texts = {key: one.mine for key, one in waiting.items()}
    texts |= {key: one.text for key, one in given.items() if mark(one.text) != one.base}
    labels = {TITLE: "Title", **{box.key: box.label for box in found.design.boxes}}
    return [
        (labels[key], text)
        for key, text in texts.items()
        if text.strip() and text.replace("\r\n", "\n") != standing.get(key)
    ]


def _keys(found: Sheet) -> list[str]:
    return [box.key for box in found.design.boxes]
