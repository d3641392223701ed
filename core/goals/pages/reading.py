"""The goals of two people, one goal, and what SMART means (product E4 to E7)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.goals import permissions, queries, rules
from core.goals.forms import MilestoneForm, ReviewForm
from core.goals.models import Goal
from core.goals.pages.finding import goal_of, mentorship_of, partner_in
from core.goals.pages.lines import line, standing, step
from core.mentorships.pages.reader import reader

PAGE = 50


@member_required
@require_safe
def listing(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """The goals of both: one's own first, each with its date in words and its progress."""
    person = reader(request)
    mentorship = mentorship_of(person, mentorship_id)
    today = queries.today_of(person)
    page = Paginator(queries.listed(mentorship, person), PAGE).get_page(request.GET.get("page"))
    lines = [
        line(goal, today, steps=goal.steps, steps_done=goal.steps_done)  # type: ignore[attr-defined]
        for goal in page.object_list
    ]
    return render(
        request,
        "goals/list.html",
        {
            "mentorship": mentorship,
            "partner": partner_in(mentorship, person),
            "page": page,
            "mine": [one for one in lines if one.goal.owner_id == person.pk],
            "theirs": [one for one in lines if one.goal.owner_id != person.pk],
            "may_add": permissions.may_add(person, mentorship),
            "deleted": queries.deleted(mentorship, person)[:20],
            "kept_days": rules.KEPT.days,
        },
    )


@member_required
@require_safe
def goal(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """One goal with its milestones, reviews and outcome."""
    person = reader(request)
    return goal_page(request, person, goal_of(person, goal_id))


def goal_page(
    request: HttpRequest,
    person: Person,
    found: Goal,
    *,
    milestone_form: MilestoneForm | None = None,
    review_form: ReviewForm | None = None,
) -> HttpResponse:
    """The page of a goal, with a form that has to be mended, if there is one."""
    today = queries.today_of(person)
    due, tone = standing(found, today)
    steps = [step(one, today) for one in found.milestones.all()]
    mine = permissions.is_owner(person, found)
    may_change = permissions.may_change(person, found)
    smart = queries.smart()
    context: dict[str, Any] = {
        "goal": found,
        "mine": mine,
        "partner": found.partner_of(person),
        "due": due,
        "tone": tone,
        "steps": steps,
        "steps_done": sum(one.milestone.is_done for one in steps),
        "reviews": found.reviews.all(),
        "may_change": may_change,
        "may_complete": permissions.may_complete(person, found),
        "may_reopen": permissions.may_reopen(person, found),
        "may_delete": permissions.may_delete(person, found),
        "hints": rules.hints(
            label=found.label,
            details=found.details,
            has_date=found.expected_on is not None,
            milestones=len(steps),
            smart=smart,
        )
        if may_change
        else [],
        "milestone_form": milestone_form or MilestoneForm(today=today, auto_id="id_m_%s"),
        "review_form": review_form or ReviewForm(auto_id="id_r_%s"),
        "form": milestone_form or review_form,
    }
    return render(
        request, "goals/goal.html", context, status=422 if milestone_form or review_form else 200
    )


@member_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the five letters stand for here."""
    return render(request, "goals/about.html", {"letters": queries.smart().letters})
