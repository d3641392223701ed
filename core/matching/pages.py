"""Find a mentor (product B3 to B7)."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.accounts.models import Person
from core.matching import queries, services
from core.matching.permissions import mentee_required
from core.matching.queries import Count, ResultPage
from core.matching.rules import (
    NOW_ANY,
    PAGE_SIZE,
    STILL_ANY,
    Choice,
    Question,
    Wanted,
    address,
    read_address,
)
from core.membership.queries import standing_of

BEYOND = "There are not that many pages. This is the last one."


@dataclass(frozen=True)
class Box:
    """One criterion on the page: its answers, what is chosen, and what the must costs."""

    question: Question
    choices: list[tuple[Choice, bool]]
    any_chosen: bool
    exact: bool
    without: Count | None

    @property
    def any_value(self) -> str:
        """What the box "Any …" sends; see `rules.search`."""
        return STILL_ANY if self.any_chosen else NOW_ANY


@dataclass(frozen=True)
class Links:
    """Addresses that the page leads to."""

    previous: str
    following: str
    eased: str
    profile: str


@mentee_required
@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    """The criteria and the mentors who meet most of them, closest first.

    Everything is in the address, so a search can be bookmarked. Asked by htmx, only what changes
    is drawn.
    """
    person = cast(Person, request.user)
    asked = read_address(
        queries.questions(), dict(request.GET.lists()), queries.profile_answers(person)
    )
    found = queries.search(person, asked.wanted, asked.page)
    services.tell_search(person)
    notes = list(asked.notes)
    if found.number < asked.page:
        notes.append(BEYOND)
    standing = standing_of(person)
    if not standing.may_ask:
        notes.append(standing.sentence)
    partly = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    response = render(
        request,
        "matching/found.html" if partly else "matching/search.html",
        {
            "found": found,
            "boxes": _boxes(found),
            "notes": notes,
            "own": asked.own,
            "links": _links(found),
            "page_size": PAGE_SIZE,
            "weights": _weights(found.wanted),
        },
    )
    if partly:
        response["HX-Push-Url"] = _link(found.wanted, found.number)
    return response


def _boxes(found: ResultPage) -> list[Box]:
    return [
        Box(
            question=want.question,
            choices=[(one, one.key in want.values) for one in want.question.choices],
            any_chosen=not want.values,
            exact=want.exact,
            without=found.counts.without.get(want.question.key),
        )
        for want in found.wanted.wants
    ]


def _links(found: ResultPage) -> Links:
    if found.easing:
        eased = found.wanted.relaxed(found.easing[0].question.key)
    else:
        eased = found.wanted.relaxed(*(want.question.key for want in found.wanted.exact))
    return Links(
        previous=_link(found.wanted, found.number - 1) if found.number > 1 else "",
        following=_link(found.wanted, found.number + 1) if found.number < found.last else "",
        eased=_link(eased, 1),
        profile=reverse("matching:search"),
    )


def _link(wanted: Wanted, page: int) -> str:
    return f"{reverse('matching:search')}?{urlencode(address(wanted, page))}"


def _weights(wanted: Wanted) -> list[Question]:
    """The criteria of the search, heaviest first, if some count more than others."""
    questions = [want.question for want in wanted.asked]
    if len({question.weight for question in questions}) < 2:
        return []
    return sorted(questions, key=lambda question: -question.weight)
