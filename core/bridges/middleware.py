"""The doors of the site: which are closed, which lead away at once, and the way out."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from core.bridges import queries
from core.bridges.services.leaving import farewell_of
from core.programme.queries import current

Page = Callable[[HttpRequest], HttpResponse]
SIGN_IN: Final = "account_login"
LOCAL: Final = frozenset({SIGN_IN, "mfa_login_webauthn"})
"""What signs in with something that is kept here."""
OUT: Final = frozenset({"account_logout", "staff:logout"})


class Doors:
    """Holds the institute's decision about signing in on every way in (product A6).

    Where members sign in at the society, names, passwords and passkeys are not taken here.
    Strangers are led to the provider that the institute chose for that, unless they ask for our
    page with `here`. Whoever signs out is led on to the provider that signs them out too.
    """

    def __init__(self, get_response: Page) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match, farewell = request.resolver_match, farewell_of(request)
        if farewell is None or match is None or match.view_name not in OUT:
            return response
        page = render(request, "bridges/farewell.html", {"farewell": farewell})
        # A form may not lead to another site, so a page of ours does.
        page.headers["Refresh"] = f"0; url={farewell.url}"
        page.cookies = response.cookies
        return page

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Out: the way to the provider or back to the page of the doors, or None."""
        match = request.resolver_match
        if match is None or match.view_name not in LOCAL or request.user.is_authenticated:
            return None
        sent = request.method == "POST" or match.view_name != SIGN_IN
        if sent:
            return None if current().policies.signs_in_here else redirect(SIGN_IN)
        if "here" in request.GET or request.method != "GET":
            return None
        provider = queries.leading_away()
        if provider is None:
            return None
        asked = request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
        return redirect(queries.start_url(provider, asked if safe else ""))
