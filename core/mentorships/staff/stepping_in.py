"""The programme team steps in: it withdraws or ends by the same services as the two (D9)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.staff import staff_site
from core.mentorships import queries, services
from core.mentorships.forms import StepInForm


@staff_site.page("relationships/<uuid:mentorship_id>/step-in/", "step_in")
@require_http_methods(["GET", "HEAD", "POST"])
def step_in(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """Withdraw an unanswered ask, or end a relationship; the reason stays with the team."""
    member = cast(Person, request.user)
    mentorship = get_object_or_404(queries.with_people(), pk=mentorship_id)
    way = services.way_to_step_in(mentorship, member)
    form = StepInForm(request.POST if request.method == "POST" else None)
    if way is not None and form.is_valid():
        try:
            way(mentorship, by=member, reason=form.cleaned_data["reason"])
        except RuleBroken as broken:
            messages.error(request, broken.message)
        else:
            messages.success(request, "Done. Both have been told by e-mail.")
        return redirect("staff:mentorships_mentorship_change", mentorship.pk)
    request.current_app = staff_site.name
    return render(
        request,
        "mentorships/staff_step_in.html",
        {
            **staff_site.each_context(request),
            "title": f"Step in: {mentorship.mentor.full_name} and {mentorship.mentee.full_name}",
            "mentorship": mentorship,
            "standing": queries.standing(mentorship),
            "possible": way is not None,
            "active": mentorship.is_active,
            "form": form,
        },
        status=422 if form.errors else 200,
    )
