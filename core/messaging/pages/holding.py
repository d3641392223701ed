"""What somebody had typed when their session ended: it waits for them behind the sign-in.

The page's own drafts need a session. A form that is sent after its end would lose its text, so the
text is put into the new, still nameless session and taken out on the same page after sign-in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.messaging import services
from core.messaging.rules.writing import LONGEST_TEXT

IN_SESSION = "unsent_message"
Page = Callable[..., HttpResponse]


def holds_text(page: Page) -> Page:
    """Keep the text of a form that comes from somebody who is signed out by now."""

    @wraps(page)
    def held(request: HttpRequest, person_id: UUID, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            text = request.POST.get("text", "").replace("\x00", "")[: 2 * LONGEST_TEXT]
            if text.strip():
                request.session[IN_SESSION] = {"to": str(person_id), "text": text}
        return page(request, person_id, **kwargs)

    return held


def give_back(request: HttpRequest, *, to: Person, by: Person) -> None:
    """After sign-in: make the held text the draft of the person who has signed in."""
    held = request.session.get(IN_SESSION)
    if not isinstance(held, dict) or held.get("to") != str(to.pk):
        return
    del request.session[IN_SESSION]
    try:
        services.keep_draft(to=to, text=str(held.get("text", "")), by=by)
    except RuleBroken:
        return
    messages.warning(
        request,
        "You had been signed out, so your message was not sent. It is kept below: look it over "
        "and send it.",
    )
