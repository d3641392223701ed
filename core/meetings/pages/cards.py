"""The way from a card to meetings, and what a card says of the next one (product D2, D3)."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.urls import reverse

from core.accounts.models import Person
from core.meetings import queries, rules
from core.meetings.models import Meeting
from core.mentorships.models import Mentorship
from core.mentorships.pages.entries import Entry, NextStep, offer_card_entry, offer_card_step
from core.programme.queries import current

T = TypeVar("T")


@offer_card_entry("meet", button=True)
def meet_button(mentorship: Mentorship, reader: Person) -> Entry | None:
    """The button, where the institute reaches meetings by one."""
    if not mentorship.is_active or current().menus.meet != "button":
        return None
    return Entry("Meet / Video", _address(mentorship))


@offer_card_entry("meetings")
def meet_entry(mentorship: Mentorship, reader: Person) -> Entry | None:
    """The entry of the menu, where the institute reaches meetings by that."""
    if not mentorship.is_active or current().menus.meet != "tools":
        return None
    return Entry("Meetings", _address(mentorship))


@offer_card_step(order=20)
def next_meeting(mentorship: Mentorship, reader: Person) -> NextStep | None:
    """The next meeting, or that there is none yet; two queries for all cards of a page."""
    mine = reader.pk == mentorship.mentor_id
    partner = mentorship.mentee if mine else mentorship.mentor
    name = partner.first_name or partner.full_name
    meeting = coming(mentorship, reader)
    if meeting is not None:
        return _look_forward(meeting, reader)
    new = reverse("meetings:new", args=[mentorship.pk])
    if have_met(mentorship, reader):
        return NextStep(f"No further meeting with {name} is arranged.", "Arrange a meeting", new)
    if mine:
        text = f"{name} has been asked to arrange your first meeting. You can do it too."
        return NextStep(text, "Arrange a meeting", new, quiet=True)
    text = f"Arrange your first meeting with {name}."
    return NextStep(text, "Arrange your first meeting", new)


def coming(mentorship: Mentorship, reader: Person) -> Meeting | None:
    """The next meeting of the two; one query for all cards of a page."""
    return _kept(reader, "_next_meetings", queries.next_by_mentorship).get(mentorship.pk)


def have_met(mentorship: Mentorship, reader: Person) -> bool:
    """Whether the two have met; one query for all cards of a page."""
    return mentorship.pk in _kept(reader, "_met_before", queries.met_before)


def _look_forward(meeting: Meeting, reader: Person) -> NextStep:
    zone = rules.zone_named(reader.time_zone)
    when = rules.when_in_words(meeting.starts_at, meeting.ends_at, zone)
    return NextStep(f"Next meeting on {when}.", "See the meeting", meeting.get_absolute_url())


def _kept(reader: Person, name: str, ask: Callable[[Person], T]) -> T:
    """What was asked once for all cards of this page: the reader lives as long as the request."""
    known: dict[str, Any] = vars(reader)
    if name not in known:
        known[name] = ask(reader)
    found: T = known[name]
    return found


def _address(mentorship: Mentorship) -> str:
    return reverse("meetings:with", args=[mentorship.pk])
