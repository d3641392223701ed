"""The way from a card to the canvases (product D2)."""

from functools import partial

from django.urls import reverse

from core.accounts.models import Person
from core.canvases import queries
from core.mentorships.models import Mentorship
from core.mentorships.pages.entries import Entry, offer_card_entry, offer_other_entries
from core.mentorships.states import State
from core.programme.rules import CANVAS_ITEMS

READABLE = {State.ACTIVE, State.COMPLETED, State.ENDED}


def canvas(kind: str, mentorship: Mentorship, reader: Person) -> Entry | None:
    """The entry of one kind of canvas, where the institute has it; from the cache."""
    if State(mentorship.state) not in READABLE:
        return None
    label = queries.labels().get(kind)
    return Entry(label, reverse("canvases:list", args=[mentorship.pk, kind])) if label else None


for item in CANVAS_ITEMS:
    offer_card_entry(item)(partial(canvas, item))
offer_other_entries(canvas)
