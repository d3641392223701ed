"""What somebody had typed when their session ended: it waits for them, and for nobody else.

A form that is sent after the end of a session would lose its text. The text is put into the new,
still nameless session together with whose form it was, and given back after this very person has
signed in. Whoever else signs in there finds nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from core.accounts.models import Person
from core.diary.rules import TEXT_LENGTH, TITLE_LENGTH
from core.kernel.signing import BadToken, sign, unsign

IN_SESSION = "unsaved_diary"
PURPOSE = "diary form"
KEPT = timedelta(days=2)
BOXES = {"title": TITLE_LENGTH, "text": TEXT_LENGTH, "themes": 400}
Page = Callable[..., HttpResponse]


def mark_of(person: Person) -> str:
    """What a form carries so that its words find their writer again."""
    return sign(PURPOSE, person.pk.hex)


def holds_words(page: Page) -> Page:
    """Keep the words of a form that comes from somebody who is signed out by now."""

    @wraps(page)
    def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            _hold(request)
        return page(request, *args, **kwargs)

    return held


def given_back(request: HttpRequest, person: Person) -> dict[str, str]:
    """The words that wait for this person on this page; they wait no longer."""
    held = request.session.get(IN_SESSION)
    if not isinstance(held, dict) or held.get("path") != request.path:
        return {}
    del request.session[IN_SESSION]
    if held.get("who") != person.pk.hex:
        return {}
    return {name: str(held.get(name, "")) for name in BOXES}


def _hold(request: HttpRequest) -> None:
    try:
        who = unsign(PURPOSE, request.POST.get("who", ""), KEPT)
    except BadToken:
        return
    words = {
        name: request.POST.get(name, "").replace("\x00", "")[: 2 * longest]
        for name, longest in BOXES.items()
    }
    if any(text.strip() for text in words.values()):
        request.session[IN_SESSION] = {"path": request.path, "who": who, **words}
