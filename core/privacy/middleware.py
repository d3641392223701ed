"""Whoever has to agree to a changed page does so before going on (product A12)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.accounts.models import Person
from core.privacy.queries import consenting as queries
from core.privacy.services import consenting as services
from core.programme.queries import current

# Open to everybody all the time: reading what one is asked about, asking a person, one's own
# data and sign-in, leaving.
OPEN_APPS = frozenset({"privacy", "security", "brand", "bridges", "membership"})
OPEN_PAGES = frozenset({
    "accounts:delete", "accounts:return", "help:legal", "help:contact", "help:sent", "job",
    "institute_file",
})  # fmt: skip


class AgreeFirst:
    """Leads to the page of agreements while something is to be agreed to.

    What everybody is asked stands in the row of settings that every page reads, and what somebody
    agreed to in their session: who has agreed costs no query. One of the team who stands in for a
    member, and a visiting operator, cannot agree for anybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Out: a redirect, or None to let the page open."""
        person, match = request.user, request.resolver_match
        if not isinstance(person, Person) or match is None:
            return None
        if person.is_operator or getattr(request, "stand_in", None) is not None:
            return None
        if not _is_closed(view, match.namespaces, match.view_name):
            return None
        first = bool(request.session.get(services.FIRST_SIGN_IN))
        asked = queries.asked_now(current().asked_data)
        known = request.session.get(services.AGREED, {})
        if not first and all(known.get(kind, 0) >= number for kind, number in asked.items()):
            return None
        if first:
            services.note_versions()
        if queries.kinds_missing(person, all_of_them=first):
            return _led(request)
        request.session[services.AGREED] = asked
        request.session.pop(services.FIRST_SIGN_IN, None)
        return None


def _is_closed(view: Callable[..., Any], namespaces: list[str], name: str) -> bool:
    ours = getattr(view, "__module__", "").startswith("core.")
    app = namespaces[0] if namespaces else ""
    if app in OPEN_APPS or name in OPEN_PAGES or name.startswith("account_"):
        return False
    return ours


def _led(request: HttpRequest) -> HttpResponse:
    target = request.get_full_path() if request.method == "GET" else reverse("front")
    address = f"{reverse('privacy:agree')}?{urlencode({'next': target})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
