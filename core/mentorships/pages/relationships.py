"""Relationships: what waits for me, my people, and what is past (product D2)."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.membership.queries import member_of, standing_of_member
from core.membership.rules import Status
from core.mentorships import queries
from core.mentorships.pages.cards import card
from core.mentorships.pages.entries import Notice, notices
from core.mentorships.pages.reader import acting_as, reader
from core.mentorships.states import OPEN, PAST
from core.programme.queries import policies

PAST_A_PAGE = 10


@member_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """The section of the role in force; the number of queries does not grow with the rows."""
    person = reader(request)
    role = acting_as(request)
    mentoring = role == "mentor"
    mine = queries.as_mentor(person) if mentoring else queries.as_mentee(person)
    cards = [card(one, person) for one in mine.filter(state__in=OPEN)]
    cards.sort(key=lambda one: not one.waiting)
    past = Paginator(mine.filter(state__in=PAST), PAST_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "mentorships/dashboard.html",
        {
            "role": role,
            "notices": [*_of_membership(person), *notices(person)],
            "cards": cards,
            "waiting": sum(one.waiting for one in cards),
            "past": past,
            "past_cards": [card(one, person) for one in past],
            "places": queries.waiting_places(person) if role == "mentee" else [],
            "elsewhere": queries.waiting_elsewhere(person, role) if len(person.roles) > 1 else 0,
        },
    )


def _of_membership(person: Person) -> Iterator[Notice]:
    """What has become of the reader's membership, and where to renew it."""
    member = member_of(person)
    if member is None or member.status == Status.CURRENT:
        return
    text = standing_of_member(person, member).sentence
    if not text and member.grace_until is not None:
        day = localtime(member.grace_until)
        text = (
            "Your membership has lapsed. Everything stays open for you until "
            f"{day.day} {day:%B %Y}."
        )
    if text:
        yield Notice(text, "Go to your membership", policies().membership_link or "", warn=True)
