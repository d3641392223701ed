"""Where one is signed in, the question who it is, and the ends of stand-ins."""

from typing import cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.ports import current_site, operators_address
from core.security import queries, services
from core.security.models import StandIn
from core.security.rules import GOES_ON


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """The list of sign-ins; POST ends one (`place`) or all others."""
    person = cast("Person", request.user)
    here = request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("place", "")
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
            ended = services.end_place(person, int(chosen))
            messages.success(
                request, "Signed out there." if ended else "You were signed out there already."
            )
        else:
            services.end_other_places(person, here)
            messages.success(request, "You are signed out everywhere but here.")
        return redirect("security:places")
    return render(request, "security/places.html", {"places": queries.places(person, here)})


@login_required
@never_cache
@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """The question who it is: on to the first way that the person has, or what to do without."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("front")
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if ways:
        address = ways[0]["url"]
        joint = "&" if "?" in address else "?"
        return redirect(f"{address}{joint}{urlencode({'next': target})}")
    stand_in: StandIn | None = getattr(request, "stand_in", None)
    home = ""
    if stand_in is not None and stand_in.is_operator:
        request.session[GOES_ON] = target
        operators = operators_address()
        if operators:
            home = f"{operators}/visits/{current_site().key}/{stand_in.pk}/again/"
    return render(request, "security/again.html", {"next": target, "home": home}, status=403)


@login_required
@never_cache
@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """What was typed before the question who it is: sent at a press of a button, not before."""
    kept = services.kept_unsent(request.session)
    if kept is None:
        messages.info(request, "What you typed is kept for a quarter of an hour alone.")
        return redirect("front")
    return render(request, "security/unsent.html", {"unsent": kept})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """An operator's one-time link: GET says what it is, POST signs in for the minutes given."""
    if request.method == "POST":
        begun = services.begin_support_visit(token)
        logout(request)
        login(request, begun.person, backend=settings.AUTHENTICATION_BACKENDS[0])
        services.take_up(request.session, begun)
        request.session.set_expiry(max(1, int((begun.ends_at - now()).total_seconds())))
        return redirect("staff:index")
    found = queries.visit_of(token)
    status = 200 if found else 404
    return render(request, "security/visit.html", {"visit": found}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit_shown(request: HttpRequest, token: str) -> HttpResponse:
    """An operator comes back who has shown who they are: POST goes on with the page."""
    stand_in: StandIn | None = getattr(request, "stand_in", None)
    if stand_in is None or not stand_in.is_operator:
        raise Http404
    if request.method == "POST":
        services.take_as_shown(token, stand_in, request.session)
        target = request.session.pop(GOES_ON, "")
        return redirect(target or "staff:index")
    return render(request, "security/visit_shown.html")


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stop standing in: staff are themselves again, operators are signed out."""
    stand_in: StandIn | None = getattr(request, "stand_in", None)
    if stand_in is None:
        return redirect("front")
    services.end_stand_in(stand_in, by=request.really)  # type: ignore[attr-defined]
    if stand_in.is_operator:
        logout(request)
        messages.success(request, "The support visit is over.")
        return redirect("front")
    services.put_down(request.session)
    messages.success(request, "You are yourself again.")
    return redirect(queries.way_back(stand_in))
