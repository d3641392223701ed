"""Mentorships for the programme team: to look at, with their history.

The state changes through services alone, so there is nothing to edit here (product F4); where the
team has to step in, it withdraws or ends by the same services as the two people (product D9).
"""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.staff import ReadOnlyAdmin, StaffTabularInline, staff_site
from core.mentorships import queries, services
from core.mentorships.forms import StepInForm
from core.mentorships.models import Mentorship, MentorshipStep, WaitingPlace


class History(StaffTabularInline):
    """Who did what when."""

    model = MentorshipStep
    fields = ("at", "action", "by", "role", "before", "after", "staff_note")
    readonly_fields = fields
    may_add = False
    may_change = False
    verbose_name_plural = "history"

    def get_queryset(self, request: HttpRequest) -> QuerySet[MentorshipStep]:
        found: QuerySet[MentorshipStep] = super().get_queryset(request)
        return found.select_related("by")


class Mentorships(ReadOnlyAdmin):
    """Who works, or wanted to work, with whom."""

    list_display = ("mentor", "mentee", "state", "area_label", "sent_at", "answered_at")
    list_filter = ("state", "area_label")
    list_select_related = ("mentor", "mentee")
    search_fields = (
        "mentor__first_name", "mentor__last_name", "mentee__first_name", "mentee__last_name",
    )  # fmt: skip
    date_hierarchy = "sent_at"
    fields = (
        "mentor", "mentee", "state", "area_label", "sent_at", "answered_at", "changed_at",
        "statement", "reason", "note", "waiting_since", "paused_at", "reminded_day",
    )  # fmt: skip
    inlines = (History,)
    change_form_before_template = "mentorships/staff_way_in.html"


class WaitingPlaces(ReadOnlyAdmin):
    """Who waits for a full mentor."""

    list_display = ("mentor", "mentee", "joined_at", "told_at")
    list_select_related = ("mentor", "mentee")
    search_fields = ("mentor__last_name", "mentee__last_name")


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


staff_site.register(Mentorship, Mentorships)
staff_site.register(WaitingPlace, WaitingPlaces)
