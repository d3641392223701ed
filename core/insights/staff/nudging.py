"""The buttons that send a kindly word to those who are waited for."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.accounts.models import Person
from core.insights import services
from core.kernel.errors import RuleBroken
from core.kernel.staff import staff_site


@staff_site.page("nudges/<uuid:mentorship_id>/", "nudge")
@require_POST
def one(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """Nudge about one ask, and back to where the button stood."""
    try:
        person = services.nudge(mentorship_id, by=cast(Person, request.user))
    except RuleBroken as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"A kind word is on its way to {person.full_name}.")
    return _back(request)


@staff_site.page("nudges/", "nudge_all")
@require_POST
def everybody(request: HttpRequest) -> HttpResponse:
    """Nudge all who have been silent for a week, and back."""
    count = services.nudge_all(cast(Person, request.user))
    if count:
        people = "1 person" if count == 1 else f"{count} people"
        messages.success(request, f"A kind word is on its way to {people}.")
    else:
        messages.info(request, "Everybody who is silent was reminded in the last three days.")
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", "")
    home = reverse("staff:index")
    inside = wanted.startswith(home) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if inside else home)
