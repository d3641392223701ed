"""The page of one mentorship: the letter, its history, and what I may do now (product C7)."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.kernel.errors import NotAllowed, RuleBroken
from core.mentorships import permissions, queries, services
from core.mentorships.forms import DeclineForm
from core.mentorships.models import Mentorship
from core.mentorships.pages.cards import card
from core.mentorships.pages.reader import reader
from core.mentorships.states import OPEN, Action, Role, State
from core.profiles.queries import answers_shown, profile_of
from core.profiles.rules import Relation
from core.programme.queries import words

CLOSEST: Final = frozenset({State.DECLINED, State.LAPSED})
"""States after which the mentee is shown the next closest mentors (product C4, C5)."""


@member_required
@require_safe
def detail(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """The two alone; anybody else is told that there is no such page."""
    person = reader(request)
    return _page(request, _mine(person, mentorship_id), person)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, mentorship_id: UUID, action: str) -> HttpResponse:
    """Take a step. What cannot be done (any more) shows the page as it stands, and why."""
    person = reader(request)
    mentorship = _mine(person, mentorship_id)
    try:
        chosen = Action(action)
        page = _PAGES[chosen]
    except (ValueError, KeyError):
        raise Http404 from None
    try:
        if request.method != "POST":
            services.look_up(mentorship, chosen, by=person)
        return page(request, mentorship, person)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return _page(
            request,
            _mine(person, mentorship_id),
            person,
            refused=broken.message,
            status=int(broken.status),
        )


def _mine(person: Person, mentorship_id: UUID) -> Mentorship:
    mentorship = queries.of_person(person, mentorship_id)
    if mentorship is None or not permissions.may_see(person, mentorship):
        raise Http404
    return mentorship


def _page(
    request: HttpRequest,
    mentorship: Mentorship,
    person: Person,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = card(mentorship, person)
    as_mentor = permissions.role_of(person, mentorship) is Role.MENTOR
    actions = services.available_actions(person, mentorship)
    read_on = as_mentor and mentorship.state in OPEN
    profile = profile_of(shown.partner, "mentee") if read_on else None
    relation = Relation.PARTNER if mentorship.is_active else Relation.EVERYONE
    offer_others = not as_mentor and mentorship.state in CLOSEST
    return render(
        request,
        "mentorships/detail.html",
        {
            "mentorship": mentorship,
            "card": shown,
            "as_mentor": as_mentor,
            "actions": [action.value for action in actions],
            "full": queries.full(mentorship.mentor, person)
            if permissions.may_accept(person, mentorship) and Action.ACCEPT not in actions
            else "",
            "history": queries.history(mentorship),
            "answers": answers_shown(profile, relation) if profile else [],
            "closest": queries.closest_left(person) if offer_others and person.is_mentee else [],
            "refused": refused,
        },
        status=status,
    )


def _accept(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    if request.method == "POST":
        services.accept(mentorship, by=person)
        name = mentorship.mentee.full_name
        messages.success(
            request,
            f"You are now {name}’s mentor. They have been told, and asked to arrange the first "
            "conversation.",
        )
    return redirect(mentorship)


def _decline(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    name = mentorship.mentee.full_name
    written = request.POST if request.method == "POST" else None
    form = DeclineForm(written, mentee_name=mentorship.mentee.first_name or name)
    if request.method == "POST" and form.is_valid():
        services.decline(mentorship, **form.cleaned_data, by=person)
        messages.success(request, f"{name} has been told, with your words if you wrote some.")
        return redirect(mentorship)
    return _ask(request, "decline", mentorship, form=form, status=422 if form.errors else 200)


def _withdraw(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    if request.method == "POST":
        services.withdraw(mentorship, by=person)
        messages.success(
            request,
            f"Your {words()['request'].singular} is withdrawn, and "
            f"{mentorship.mentor.full_name} has been told.",
        )
        return redirect(mentorship)
    return _ask(request, "withdraw", mentorship)


def _ask(
    request: HttpRequest, name: str, mentorship: Mentorship, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"mentorship": mentorship, **more}
    return render(request, f"mentorships/{name}.html", context, status=status)


_PAGES: Final = {Action.ACCEPT: _accept, Action.DECLINE: _decline, Action.WITHDRAW: _withdraw}
