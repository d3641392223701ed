"""What a card says of the journey: how far the two are, what comes next (product D2, E8)."""

from typing import Any

from django.urls import reverse

from core.accounts.models import Person
from core.journey import permissions, queries
from core.journey.models import Run
from core.journey.pages.words import called
from core.journey.queries import Place
from core.journey.rules import Policy
from core.meetings.pages.cards import coming, have_met
from core.mentorships.models import Mentorship
from core.mentorships.pages.entries import (
    Entry,
    NextStep,
    Road,
    offer_card_entry,
    offer_card_road,
    offer_card_step,
)
from core.mentorships.states import State
from core.programme.queries import in_our_words

_AFTER_ACCEPTANCE = frozenset({State.ACTIVE, State.COMPLETED, State.ENDED})


@offer_card_entry("first_conversation")
def first_conversation(mentorship: Mentorship, reader: Person) -> Entry | None:
    """Opens after acceptance (product E1)."""
    if not mentorship.is_active:
        return None
    address = reverse("journey:first_conversation", args=[mentorship.pk])
    return Entry("First conversation", address)


@offer_card_entry("road_map")
def road_map(mentorship: Mentorship, reader: Person) -> Entry | None:
    """Stays open when the journey is over, to be read (product E12)."""
    if mentorship.state not in _AFTER_ACCEPTANCE:
        return None
    return Entry("Road map", reverse("journey:road_map", args=[mentorship.pk]))


@offer_card_road
def road(mentorship: Mentorship, reader: Person) -> Road | None:
    """Where the two are, in one line; two queries for all cards of a page."""
    places = _places(mentorship, reader)
    done = sum(place.standing.passed for place in places)
    here = next((place for place in places if place.is_now), places[-1])
    label = f"Stage {here.number} of {len(places)}: {in_our_words(here.stage.label)}"
    address = reverse("journey:road_map", args=[mentorship.pk])
    return Road(label, done, len(places), address)


@offer_card_step(order=10)
def asked_for(mentorship: Mentorship, reader: Person) -> NextStep | None:
    """The other one has marked a stage, and this one has to say so too."""
    for place in _places(mentorship, reader):
        if place.waits_for_me and not place.is_last:
            mine = reader.pk == mentorship.mentor_id
            name = called(mentorship.mentee if mine else mentorship.mentor)
            label = in_our_words(place.stage.label)
            asks = queries.policy() is Policy.MENTOR_WHEN_ASKED
            text = (
                f"{name} asks you to complete “{label}”."
                if asks
                else f"{name} has marked “{label}” as completed."
            )
            return NextStep(text, "Look at the stage", _address(mentorship, place))
    return None


@offer_card_step(order=15)
def from_the_plan(mentorship: Mentorship, reader: Person) -> NextStep | None:
    """What the road has next, once the two have met and no meeting is coming."""
    if coming(mentorship, reader) is not None or not have_met(mentorship, reader):
        return None
    here = next(place for place in _places(mentorship, reader) if place.is_now)
    text = in_our_words(here.stage.next_step)
    if here.number == 1:
        text = f"You have met. Is “{in_our_words(here.stage.label)}” completed?"
    return NextStep(text, in_our_words(here.stage.label), _address(mentorship, here))


def _places(mentorship: Mentorship, reader: Person) -> list[Place]:
    known: dict[str, Any] = vars(reader)  # the reader lives as long as the request
    if "_journeys" not in known:
        known["_journeys"] = queries.present_runs(reader)
    runs: dict[Any, Run] = known["_journeys"]
    if mentorship.pk not in runs:  # nothing was marked yet, and it began before there were roads
        if "_road_in_force" not in known:
            known["_road_in_force"] = queries.edition_in_force()
        runs[mentorship.pk] = queries.not_begun(mentorship, known["_road_in_force"])
    run = runs[mentorship.pk]
    run.mentorship = mentorship
    side = permissions.side_of(reader, mentorship)
    return queries.road(run, side, queries.policy()) if side else []


def _address(mentorship: Mentorship, place: Place) -> str:
    if place.is_last:
        return reverse("journey:ending", args=[mentorship.pk])
    return reverse("journey:stage", args=[mentorship.pk, place.stage.key])
