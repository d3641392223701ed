"""The page of one mentorship: the letter, its history, and what I may do now (product C7)."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.kernel.errors import NotAllowed, RuleBroken
from core.mentorships import permissions, queries, services
from core.mentorships.models import Mentorship
from core.mentorships.pages.acts import ACTS
from core.mentorships.pages.cards import card
from core.mentorships.pages.reader import reader
from core.mentorships.states import OPEN, PAST, Action, Role, State
from core.profiles.queries import answers_shown, profile_of
from core.profiles.rules import Relation
from core.programme.queries import policies

CLOSEST: Final = frozenset({State.DECLINED, State.LAPSED})
"""States after which the mentee is shown the next closest mentors (product C4, C5)."""

ENDINGS: Final = PAST - {State.DECLINED}
"""States that are told in a sentence of their own."""


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
        page = ACTS[chosen]
    except (ValueError, KeyError):
        raise Http404 from None
    try:
        if request.method != "POST":
            services.look_up(mentorship, chosen, by=person)
        return page(request, mentorship, person)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        if request.method == "POST" and queries.has_just_done(person, mentorship, chosen):
            return redirect(mentorship)  # a double click, or the back button: it is done
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
            "wish": queries.latest_words(mentorship, Action.ASK_CHANGES)
            if mentorship.state == State.CHANGES_ASKED
            else "",
            "standing": queries.standing(mentorship) if mentorship.state in ENDINGS else "",
            "message_first": as_mentor and policies().negotiation == "message_first",
            "answers": answers_shown(profile, relation) if profile else [],
            "closest": queries.closest_left(person) if offer_others and person.is_mentee else [],
            "refused": refused,
        },
        status=status,
    )
