"""The answers of every institute are true of its site: what they name is there (product F1)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.help.queries import Entry, entries
from core.help.rules import PAGES
from core.kernel.clock import now
from core.kernel.events import tell
from core.kernel.ids import new_id
from core.mentorships.events import RelationshipCompleted
from core.mentorships.states import State
from core.messaging.services import send
from tenants.bundles.reading import shipped_names
from tenants.context import platform_scope
from tenants.models import Institute
from tests.factories.meetings import make_meeting
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship
from tests.journeys.walking import Walker, steps_of

pytestmark = pytest.mark.django_db

Inside = Callable[[Institute], AbstractContextManager[Institute]]
STATES = (
    State.PROPOSED,
    State.ACTIVE,
    State.DECLINED,
    State.WITHDRAWN,
    State.LAPSED,
    State.COMPLETED,
)
READERS = {"mentee": ("mentee", "new mentee"), "mentor": ("mentor",)}
PLANTED = {
    "Open **Relationships** and choose **Do the laundry**.": ["Do the laundry"],
    "Open [Messages](page:messaging:list) and press **Burn**.": ["Burn"],
    "Read [this](/about/nothing/).": ["page /about/nothing/"],
    "Open **Edit Account**, tick *I want to be a mentor* and **Save**.": [],
}
EVERYONE = ("mentee", "mentor", "new mentee", "both", "guest")


def live(people: dict[str, Person]) -> None:
    """Something of every kind for the known people."""
    for role in ("mentee", "mentor"):
        for state in STATES:
            pair = {"mentor": people["mentor"], "mentee": people["mentee"]}
            other = "mentor" if role == "mentee" else "mentee"
            pair[other] = make_mentor() if other == "mentor" else make_mentee()
            made = make_mentorship(**pair, state=state)
            if state == State.COMPLETED:
                tell(RelationshipCompleted(mentorship_id=made.pk, by_id=pair[other].pk))
            if state == State.ACTIVE:
                at = now() + timedelta(minutes=5)
                make_meeting(made, by=people[role], at=at, title="A talk", is_video=True)
                send(to=pair[other], text="Good morning.", key=new_id(), by=people[role])


# The two that differ most in tools and words are walked whole, a third of each of the others.
WHOLE = ("ciltuk", "guided")


@pytest.fixture(params=shipped_names())
def walkers(
    request: pytest.FixtureRequest,
    peopled_copy: None,
    inside: Inside,
    member_client: Callable[..., Client],
) -> Iterator[dict[str, Walker]]:
    """A browser for each kind of reader, inside an institute full of life."""
    with platform_scope():
        institute = Institute.objects.get(slug=request.param)
    with inside(institute):
        people = {who: Person.objects.get(username=who) for who in ("mentee", "mentor", "both")}
        with transaction.atomic():
            live(people)
            people["new mentee"] = make_mentee()
        yield {who: Walker(member_client(institute, people.get(who))) for who in EVERYONE}


def untrue(entry: Entry, walkers: dict[str, Walker]) -> list[str]:
    """What an answer names and none of its readers finds."""
    steps = steps_of(entry.words, {name: reverse(name) for name in PAGES})
    missing = [what for _, what in steps]
    for who in READERS.get(entry.audience, EVERYONE):
        missing = [what for what in walkers[who].follow(steps) if what in missing or "page" in what]
        if not missing:
            break
    return missing


def test_every_answer_names_what_its_readers_find(
    walkers: dict[str, Walker], request: pytest.FixtureRequest
) -> None:
    for words, missing in PLANTED.items():
        assert untrue(Entry("planted", "everyone", "T", "Q?", words), walkers) == missing
    slug = request.node.callspec.params["walkers"]
    every = entries() if slug in WHOLE else entries()[shipped_names().index(slug) % 3 :: 3]
    wrong = {entry.key: found for entry in every if (found := untrue(entry, walkers))}
    assert wrong == {}
    named = sum(len(steps_of(entry.words, dict.fromkeys(PAGES, "/"))) for entry in every)
    assert named > len(every)
