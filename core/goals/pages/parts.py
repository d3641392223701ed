"""Milestones and reviews on the page of their goal (product E7)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.permissions import member_required
from core.goals import permissions, queries, services
from core.goals.forms import MilestoneForm, ReviewForm
from core.goals.models import Goal
from core.goals.pages.finding import own_goal, own_milestone, own_review
from core.goals.pages.reading import goal_page
from core.kernel.errors import NotAllowed, RuleBroken
from core.mentorships.pages.reader import reader

DEEDS = (("up", "Move up"), ("down", "Move down"), ("remove", "Remove this milestone"))


@member_required
@require_POST
def add_milestone(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Add a step at the end."""
    person = reader(request)
    found = own_goal(person, goal_id)
    form = MilestoneForm(request.POST, today=queries.today_of(person), auto_id="id_m_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.add_milestone(
                found, by=person, text=data["text"], due_on=data["due_on"],
                form_key=data["form_key"],
            )  # fmt: skip
        except NotAllowed:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            return _back(found, "milestones")
    return goal_page(request, person, found, milestone_form=form)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def milestone(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """Change the words or the day of a step."""
    person = reader(request)
    found = own_milestone(person, milestone_id)
    if not permissions.may_change(person, found.goal):
        return _back(found.goal, "milestones")
    written: Any = request.POST if request.method == "POST" else None
    form = MilestoneForm(written, today=queries.today_of(person), milestone=found)
    if form.is_valid():
        data = form.cleaned_data
        services.change_milestone(found, by=person, text=data["text"], due_on=data["due_on"])
        messages.success(request, "Milestone saved.")
        return _back(found.goal, "milestones")
    return render(
        request,
        "goals/milestone.html",
        {"form": form, "milestone": found, "deeds": DEEDS},
        status=422 if form.errors else 200,
    )


@member_required
@require_POST
def act(request: HttpRequest, milestone_id: UUID, deed: str) -> HttpResponse:
    """Tick a step, take the tick away, move it, remove it. 404 for anything else."""
    person = reader(request)
    found = own_milestone(person, milestone_id)
    match deed:
        case "tick" | "untick":
            services.tick(found, by=person, done=deed == "tick")
        case "up" | "down":
            services.move(found, by=person, to=deed)
        case "remove":
            services.remove_milestone(found, by=person)
            messages.success(request, "Milestone removed.")
        case _:
            raise Http404
    return _back(found.goal, "milestones")


@member_required
@require_POST
def add_review(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Note how it goes."""
    person = reader(request)
    found = own_goal(person, goal_id)
    form = ReviewForm(request.POST, auto_id="id_r_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.write_review(found, by=person, body=data["body"], form_key=data["form_key"])
        except NotAllowed:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            return _back(found, "reviews")
    return goal_page(request, person, found, review_form=form)


@member_required
@require_POST
def remove_review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Take a note away."""
    person = reader(request)
    found = own_review(person, review_id)
    services.remove_review(found, by=person)
    messages.success(request, "Review removed.")
    return _back(found.goal, "reviews")


def _back(goal: Goal, place: str) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": f"{goal.get_absolute_url()}#{place}"})
