"""The way from a card to the goals (product D2)."""

from django.urls import reverse

from core.accounts.models import Person
from core.mentorships.models import Mentorship
from core.mentorships.pages.entries import Entry, offer_card_entry
from core.mentorships.states import State

READABLE = {State.ACTIVE, State.COMPLETED, State.ENDED}


@offer_card_entry("goals")
def goals(mentorship: Mentorship, reader: Person) -> Entry | None:
    """The entry of the menu, from acceptance on; what was written stays readable."""
    if State(mentorship.state) not in READABLE:
        return None
    return Entry("SMART goals", reverse("goals:list", args=[mentorship.pk]))
