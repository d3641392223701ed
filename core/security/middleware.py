"""The programme team's second step, where the institute asks for it (product A5)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.accounts.models import Person
from core.security.queries import has_second_step, must_have_second_step

SESSION_KEY = "has_second_step"


class SecondStepOfStaff:
    """Leads staff without a second step to the page where they set one up.

    Once seen it is remembered in the session; whoever must have a step cannot remove the last one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Out: a redirect, or None to let the page open."""
        match = request.resolver_match
        if match is None or "staff" not in match.namespaces or self._is_let_in(request):
            return None
        messages.info(
            request, "The programme team signs in with a second step. Set one up, then go on."
        )
        return redirect("mfa_index")

    def _is_let_in(self, request: HttpRequest) -> bool:
        person = request.user
        if not isinstance(person, Person) or request.session.get(SESSION_KEY):
            return True
        if not must_have_second_step(person):
            return True
        if has_second_step(person):
            request.session[SESSION_KEY] = True
            return True
        return False
