"""The gate: until the profile is complete nothing else opens (product B2)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.accounts.models import Person
from core.profiles.queries import is_complete
from core.programme.queries import policies
from core.resources.queries import unread_required

# What stays open: these apps' pages, the front page, and all that is no page of a member
# (signing in and out, styles, the staff site).
OPEN_APPS = frozenset(
    {
        "accounts",
        "bridges",
        "profiles",
        "help",
        "resources",
        "diary",
        "cpd",
        "security",
        "privacy",
        "people",
        "notices",
        "membership",
        "staff",
    }
)
OPEN_PAGES = ("front", "account_", "mfa_")
SESSION_KEY = "complete_profiles"


class ProfileGate:
    """Leads whoever acts in a role with an incomplete profile to that profile.

    Where the institute wants its guides read first, it leads to those before the profile.
    A complete profile stays complete, so the session remembers it and the gate costs nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Out: a redirect, or None to let the page open."""
        role = getattr(request, "acting_as", None)
        person = request.user
        match = request.resolver_match
        if role is None or not isinstance(person, Person) or match is None:
            return None
        app = match.namespaces[0] if match.namespaces else ""
        is_profile = match.view_name == "profiles:edit"
        if not is_profile and not _is_gated(view, app, match.view_name):
            return None
        known = request.session.get(SESSION_KEY, [])
        if role in known:
            return None
        if is_complete(person, role):
            request.session[SESSION_KEY] = [*known, role]
            return None
        if is_profile:
            if policies().guides_first and unread_required(person, role):
                messages.info(request, "Please read these first. Your profile comes next.")
                return redirect("resources:list")
            return None
        if policies().profile_gate:
            messages.info(request, "Complete your profile first. Then everything else opens.")
            return redirect("profiles:edit")
        return None


def _is_gated(view: Callable[..., Any], app: str, name: str) -> bool:
    ours = getattr(view, "__module__", "").startswith("core.")
    return ours and app not in OPEN_APPS and not name.startswith(OPEN_PAGES)
