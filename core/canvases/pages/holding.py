"""What somebody had written when their session ended: it waits for them behind the sign-in.

As with messages: a canvas that is sent after the end of the session would lose its texts, so they
are put into the new, still nameless session and brought onto the canvas after sign-in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from core.accounts.models import Person
from core.canvases import services
from core.canvases.forms import keys_in, mark_in
from core.canvases.models import Sheet
from core.canvases.rules import BOX_LENGTH, MOST_BOXES, Given
from core.kernel.errors import RuleBroken

IN_SESSION = "unsaved_canvas"
Page = Callable[..., HttpResponse]


def holds_texts(page: Page) -> Page:
    """Keep the texts of a canvas that comes from somebody who is signed out by now."""

    @wraps(page)
    def held(request: HttpRequest, sheet_id: UUID, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            texts = {
                key: {
                    "text": request.POST.get(f"text_{key}", "").replace("\x00", "")[:BOX_LENGTH],
                    "base": mark_in(request.POST.get(f"base_{key}", "")),
                }
                for key in keys_in(request.POST)[: MOST_BOXES + 1]
            }
            request.session[IN_SESSION] = {
                "sheet": str(sheet_id),
                "writer": request.POST.get("writer", "")[:36],
                "texts": texts,
            }
        return page(request, sheet_id, **kwargs)

    return held


def give_back(request: HttpRequest, sheet: Sheet, *, by: Person) -> None:
    """After sign-in: bring the held texts onto the canvas of the person who wrote them."""
    held = request.session.get(IN_SESSION)
    if not isinstance(held, dict) or held.get("sheet") != str(sheet.pk):
        return
    del request.session[IN_SESSION]
    if held.get("writer") != str(by.pk):
        return
    given = {
        key: Given(text=str(one["text"]), base=str(one["base"]))
        for key, one in held["texts"].items()
    }
    try:
        services.save(sheet, given, by=by)
    except RuleBroken as broken:
        messages.warning(request, broken.message)
        return
    messages.warning(request, "You had been signed out. What you had written is on the canvas now.")
