"""Members who may only look (product A6)."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.accounts.models import Person
from core.membership.queries import standing

OPEN_APPS: Final = frozenset(
    {"accounts", "bridges", "security", "help", "notices", "privacy", "membership"}
)
"""What one does for oneself stays open: the account, its sign-in, questions, one's own data."""
OPEN_PAGES: Final = ("account_", "mfa_")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class OnlyLooking:
    """Refuses what is sent by members who may only look; nothing is asked for pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Out: a page with the sentence of the policy, or None to let the page open."""
        match = request.resolver_match
        person = request.user
        if request.method in SAFE or match is None or not isinstance(person, Person):
            return None
        app = match.namespaces[0] if match.namespaces else ""
        if app in OPEN_APPS or match.view_name.startswith(OPEN_PAGES):
            return None
        found = standing(person)
        if found.may_act:
            return None
        return render(request, "errors/422.html", {"message": found.sentence}, status=422)
