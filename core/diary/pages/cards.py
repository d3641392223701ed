"""The way from a relationship's card into one's own diary (product D2, E13)."""

from django.urls import reverse

from core.accounts.models import Person
from core.mentorships.models import Mentorship
from core.mentorships.pages.entries import Entry, offer_card_entry


@offer_card_entry("diary")
def diary(mentorship: Mentorship, reader: Person) -> Entry:
    """What the reader wrote about this relationship, and a way to write more."""
    return Entry("Diary", f"{reverse('diary:list')}?about={mentorship.pk}")
