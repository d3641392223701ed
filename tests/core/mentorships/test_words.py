"""Pages say the institute's words: no "request" where it is a proposal, and the other way round."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from core.mentorships.models import Mentorship
from core.mentorships.services import guards as services
from core.mentorships.states import State
from tenants.models import Institute
from tests.factories.mentorships import (
    STATEMENT,
    an_area,
    make_mentee,
    make_mentor,
    make_mentorship,
)

pytestmark = pytest.mark.django_db

Inside = Callable[[Institute], AbstractContextManager[Institute]]
CORE = Path(__file__).parents[3] / "core"
NOUN = re.compile(r"\b(request|proposal)s?\b", re.IGNORECASE)


def in_words(page: str) -> str:
    """What a person reads or hears of a page."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    heard = re.findall(r'(?:aria-label|title|alt)="([^"]*)"', body)
    return " ".join([re.sub(r"<[^>]+>", " ", body), *heard])


def every_page(browser_of: Callable[[Any], Any]) -> str:
    """Every page of this app, in every state, as both people, good and refused."""
    read = []
    fresh = make_mentor(capacity=9)
    mentee = make_mentee()
    writer = browser_of(mentee)
    page = reverse("mentorships:mentor", args=[fresh.pk])
    draft = {"area": an_area(), "statement": STATEMENT}
    read += [
        writer.get("/relationships/"),
        writer.get(page),
        writer.post(page, {"step": "preview"}),
        writer.post(page, {**draft, "step": "preview"}),
        writer.post(page, {**draft, "step": "send"}, follow=True),
        writer.get(page),
    ]
    read += _answers(Mentorship.objects.get(mentee=mentee), browser_of)
    full = make_mentor(capacity=1)
    make_mentorship(mentor=full, state=State.ACTIVE)
    read += [
        writer.get(reverse("mentorships:mentor", args=[full.pk])),
        browser_of(full).get(make_mentorship(mentor=full).get_absolute_url()),
        browser_of(make_mentor()).get("/relationships/"),
    ]
    for state in State:
        one = make_mentorship(mentor=fresh, state=state)
        for person in (one.mentor, one.mentee):
            browser = browser_of(person)
            read += [browser.get("/relationships/"), browser.get(one.get_absolute_url())]
            offered = services.available_actions(person, one)
            refused = [action for action in services.BUILT if action not in offered]
            for action in (*offered, *refused[:1], *refused[-1:]):
                address = reverse("mentorships:act", args=[one.pk, action.value])
                read.append(browser.get(address, follow=True))
    assert {response.status_code for response in read} <= {200, 404, 409, 422}
    return " ".join(in_words(response.content.decode()) for response in read)


def _answers(sent: Mentorship, browser_of: Callable[[Any], Any]) -> list[Any]:
    address = reverse("mentorships:act", args=[sent.pk, "decline"])
    mentor = browser_of(sent.mentor)
    return [
        mentor.get(address),
        mentor.post(address, {"reason": "away"}, follow=True),
        mentor.post(address, {"reason": "away"}, follow=True),
        browser_of(sent.mentee).get(sent.get_absolute_url()),
    ]


@pytest.mark.parametrize(
    ("slug", "own", "foreign"),
    [("ciltuk", "request", "proposal"), ("guided", "proposal", "request")],
)
def test_pages_use_the_institutes_word_and_no_other(
    request: pytest.FixtureRequest,
    inside: Inside,
    member_client: Any,
    slug: str,
    own: str,
    foreign: str,
) -> None:
    institute = request.getfixturevalue(slug)
    with inside(institute):
        words = every_page(lambda person: member_client(institute, person)).lower()
    assert own in words
    assert [words[at.start() - 60 : at.end() + 20] for at in re.finditer(foreign, words)] == []


@pytest.mark.parametrize("app", ["mentorships", "notifications"])
def test_no_template_writes_the_noun_itself(app: str) -> None:
    for file in (CORE / app / "templates").rglob("*.*"):
        text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", file.read_text(), flags=re.DOTALL)
        assert not NOUN.search(text), file
