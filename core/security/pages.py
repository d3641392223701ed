"""Where one is signed in, and the way out of other places."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.security import queries, services


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
