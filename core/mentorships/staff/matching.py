"""Matching by hand: choose a mentee, see who is closest, bring the two together (product F4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site
from core.matching.queries import receipt, receipts, search, wanted_of
from core.matching.rules import Receipt
from core.mentorships import queries, services
from core.mentorships.forms import MatchForm
from core.mentorships.states import OPEN
from core.profiles.models import Profile
from core.profiles.queries import profile_of
from core.profiles.rules import Audience

A_PAGE = 50
NAMED = 20
"""How many mentors a search by name shows."""


@dataclass(frozen=True)
class Candidate:
    """A mentor on the page of a mentee: what speaks for them, and what forbids it."""

    person: Person
    profile_id: UUID | None
    receipt: Receipt
    obstacle: str


@staff_site.page("relationships/match/", "match")
@require_safe
def mentees(request: HttpRequest) -> HttpResponse:
    """Who has nobody yet, longest with us first; `?q=` a name, `?everybody=1` the others too."""
    named, everybody = request.GET.get("q", "").strip()[:80], "everybody" in request.GET
    found = queries.mentees_to_match(named=named, everybody=everybody)
    return staff_page(
        request,
        "mentorships/staff_match.html",
        "Match by hand",
        page=Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        named=named,
        everybody=everybody,
        may=_may(request),
    )


@staff_site.page("relationships/match/<uuid:person_id>/", "match_mentee")
@require_safe
def mentors(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The mentors for one mentee, closest first, each with the receipt; `?q=` finds by name."""
    mentee = _mentee(person_id)
    named = request.GET.get("q", "").strip()[:80]
    number = request.GET.get("page", "")
    wanted = wanted_of(mentee)
    if named:
        people = list(queries.mentors_named(named)[:NAMED])
        found, page = receipts(mentee, people), None
    else:
        page = search(mentee, wanted, max(1, int(number[:4])) if number.isdecimal() else 1)
        people = [one.person for one in page.results]
        found = {one.person.pk: one.receipt for one in page.results}
    return staff_page(
        request,
        "mentorships/staff_match_mentee.html",
        f"Match {mentee.full_name}",
        mentee=mentee,
        asked=wanted.asked,
        open_ones=queries.as_mentee(mentee).filter(state__in=OPEN),
        candidates=_candidates(request, mentee, people, found),
        page=page,
        named=named,
        may=_may(request),
    )


@staff_site.page("relationships/match/<uuid:person_id>/with/<uuid:profile_id>/", "match_pair")
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, person_id: UUID, profile_id: UUID) -> HttpResponse:
    """The two beside each other, and the form that brings them together; the mentor by profile."""
    mentee = _mentee(person_id)
    profiles = Profile.objects.filter(role=Audience.MENTOR).select_related("person")
    mentor = get_object_or_404(profiles, pk=profile_id).person
    shared = receipt(mentee, mentor)
    form = _form(mentor, mentee, shared, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.match(
                mentor=mentor,
                mentee=mentee,
                area=form.cleaned_data.get("area", ""),
                statement=form.cleaned_data["statement"],
                at_once=form.at_once,
                by=cast(Person, request.user),
            )
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            messages.success(request, "Done. Both have been told by e-mail.")
            return redirect("staff:mentorships_mentorship_change", made.pk)
    key = (mentor.pk, mentee.pk)
    standing = services.obstacles([key], at_once=True, by=cast(Person, request.user))
    return staff_page(
        request,
        "mentorships/staff_match_pair.html",
        f"{mentor.full_name} and {mentee.full_name}",
        status=422 if form.errors else 200,
        mentee=mentee,
        mentor=mentor,
        people=[mentor, mentee],
        receipt=shared,
        obstacle=standing.get(key, ""),
        form=form,
        may=_may(request),
    )


def _mentee(person_id: UUID) -> Person:
    mentee = queries.mentees_to_match(everybody=True).filter(pk=person_id).first()
    if mentee is None:
        raise Http404
    return mentee


def _candidates(
    request: HttpRequest, mentee: Person, people: Sequence[Person], found: Any
) -> list[Candidate]:
    pairs = [(one.pk, mentee.pk) for one in people]
    # Each stands alone: nobody here takes a place from the next one.
    refused = services.obstacles(pairs, at_once=True, by=cast(Person, request.user))
    profiles = dict(
        Profile.objects.filter(role=Audience.MENTOR, person__in=people).values_list(
            "person_id", "pk"
        )
    )
    return [
        Candidate(one, profiles.get(one.pk), found[one.pk], refused.get((one.pk, mentee.pk), ""))
        for one in people
    ]


def _form(mentor: Person, mentee: Person, shared: Receipt, data: QueryDict | None) -> MatchForm:
    areas = queries.areas(queries.area_field(), profile_of(mentor, "mentor"))
    met = "; ".join(line.text for line in shared.met)
    words = "We think that the two of you would work well together."
    return MatchForm(
        data,
        initial={
            "way": "ask_first",
            "area": queries.areas_between([(mentor.pk, mentee.pk)])[mentor.pk, mentee.pk],
            "statement": f"{words} What speaks for it: {met}." if met else words,
        },
        areas=areas,
        mentor_name=mentor.first_name or mentor.full_name,
    )


def _may(request: HttpRequest) -> bool:
    return staff_site.may(request, "match", Right.WRITE)
