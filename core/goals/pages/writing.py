"""Writing down, changing, completing, reopening, deleting a goal (product E4 to E7)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.permissions import member_required
from core.goals import permissions, queries, services
from core.goals.errors import NotWorkingTogether
from core.goals.forms import GoalForm, OutcomeForm
from core.goals.models import Goal
from core.goals.pages.finding import mentorship_of, own_goal, partner_in
from core.kernel.errors import NotAllowed, RuleBroken
from core.mentorships.models import Mentorship
from core.mentorships.pages.reader import reader

SAVED = "Goal successfully saved"


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """A new goal of one's own; the same form sent twice makes one."""
    person = reader(request)
    mentorship = mentorship_of(person, mentorship_id)
    if not permissions.may_add(person, mentorship):
        raise NotWorkingTogether("Goals are for people who work together at present.")
    form = GoalForm(_written(request), today=queries.today_of(person))
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = services.add(
                mentorship,
                by=person,
                label=data["label"],
                details=data["details"],
                expected_on=data["expected_on"],
                form_key=data["form_key"],
            )
        except NotAllowed:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            messages.success(request, SAVED)
            return redirect(made)
    return _form_page(request, form, mentorship)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Change label, details and date."""
    person = reader(request)
    found = own_goal(person, goal_id)
    if not permissions.may_change(person, found):
        return redirect(found)
    form = GoalForm(_written(request), today=queries.today_of(person), goal=found)
    if form.is_valid():
        data = form.cleaned_data
        seen = data["seen"] if data["seen"] is not None else found.version
        try:
            services.change(
                found,
                by=person,
                label=data["label"],
                details=data["details"],
                expected_on=data["expected_on"],
                seen=seen,
            )
        except NotAllowed:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.message)
            form.data = {**request.POST.dict(), "seen": str(found.version)}
        else:
            messages.success(request, SAVED)
            return redirect(found)
    return _form_page(request, form, found.mentorship, found)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Say what came of it; the goal is completed. A second click changes nothing."""
    person = reader(request)
    found = own_goal(person, goal_id)
    if not permissions.may_complete(person, found):
        return redirect(found)
    form = OutcomeForm(_written(request), initial={"outcome": found.outcome})
    if form.is_valid():
        services.complete(found, by=person, outcome=form.cleaned_data["outcome"])
        messages.success(request, "Goal completed. Well done!")
        return redirect(found)
    return render(
        request,
        "goals/complete.html",
        {"form": form, "goal": found, "left": found.milestones.filter(done_at=None).count()},
        status=422 if form.errors else 200,
    )


@member_required
@require_POST
def reopen(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Work on a completed goal again."""
    person = reader(request)
    found = own_goal(person, goal_id)
    services.reopen(found, by=person)
    messages.success(request, "The goal is open again.")
    return redirect(found)


@member_required
@require_POST
def delete(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Delete a goal, with a way back."""
    person = reader(request)
    found = own_goal(person, goal_id)
    services.delete(found, by=person)
    messages.success(request, "Goal deleted. You can undo this below.")
    address = redirect("goals:list", found.mentorship_id)
    address["Location"] += "#deleted"
    return address


@member_required
@require_POST
def restore(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Bring a deleted goal back."""
    person = reader(request)
    found = own_goal(person, goal_id)
    services.restore(found, by=person)
    messages.success(request, "The goal is back.")
    return redirect(found)


def _form_page(
    request: HttpRequest, form: GoalForm, mentorship: Mentorship, goal: Goal | None = None
) -> HttpResponse:
    person = reader(request)
    return render(
        request,
        "goals/form.html",
        {
            "form": form,
            "goal": goal,
            "mentorship": mentorship,
            "partner": partner_in(mentorship, person),
            "letters": queries.smart().letters,
        },
        status=422 if form.errors else 200,
    )


def _written(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
