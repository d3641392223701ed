"""Availability of mentors, and waiting for one who is full (product B10, B11)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.kernel.errors import RuleBroken
from core.mentorships import queries, services
from core.mentorships.forms import AwayForm
from core.mentorships.pages.reader import reader
from core.mentorships.states import UNANSWERED
from core.profiles.queries import profile_of


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest) -> HttpResponse:
    """Make Unavailable, with what becomes of the open ones, or Make Available."""
    person = reader(request)
    profile = profile_of(person, "mentor") if person.is_mentor else None
    if profile is None:
        raise Http404
    if request.method == "POST" and "available" in request.POST:
        services.make_available(person, by=person)
        messages.success(request, "You are available again.")
        return redirect("accounts:edit")
    waiting = queries.as_mentor(person).filter(state__in=UNANSWERED)
    form = AwayForm(request.POST if request.method == "POST" else None, waiting=len(waiting))
    if form.is_valid():
        try:
            declined = services.make_unavailable(person, by=person, **form.wishes)
        except RuleBroken as broken:
            form.add_error("back_on", broken.message)
        else:
            told = f" {declined} kindly declined." if declined else ""
            messages.success(request, f"You are unavailable now.{told}")
            return redirect("accounts:edit")
    context = {"form": form, "profile": profile, "waiting": waiting}
    return render(
        request, "mentorships/availability.html", context, status=422 if form.errors else 200
    )


@member_required
@require_POST
def waiting_list(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Join or leave the waiting list of a full mentor."""
    person = reader(request)
    mentor = get_object_or_404(Person, pk=person_id, is_active=True, is_mentor=True)
    if "leave" in request.POST:
        services.leave_waiting_list(mentor, by=person)
        messages.success(request, f"You no longer wait for {mentor.full_name}.")
        if request.POST["leave"] == "dashboard":
            return redirect("mentorships:dashboard")
    else:
        services.join_waiting_list(mentor, by=person)
        messages.success(request, f"You get an e-mail when {mentor.full_name} has a free place.")
    return redirect("mentorships:mentor", mentor.pk)
