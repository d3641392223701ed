"""The way from a card to the conversation (product D2, D4)."""

from typing import cast
from uuid import UUID

from django.urls import reverse

from core.accounts.models import Person
from core.mentorships.models import Mentorship
from core.mentorships.pages.entries import Entry, offer_card_entry
from core.mentorships.states import OPEN, State
from core.messaging.queries import unread_by_partner

WRITE_TO_EACH_OTHER = OPEN | {State.COMPLETED, State.ENDED}


@offer_card_entry("messages", button=True)
def messages(mentorship: Mentorship, reader: Person) -> Entry | None:
    """The way to the conversation, with how many messages wait; one query for all cards."""
    if mentorship.state not in WRITE_TO_EACH_OTHER:
        return None
    known = cast("dict[UUID, int] | None", vars(reader).get("_unread_by_partner"))
    if known is None:
        known = unread_by_partner(reader)
        vars(reader)["_unread_by_partner"] = known
    mine = reader.pk == mentorship.mentor_id
    partner_id = mentorship.mentee_id if mine else mentorship.mentor_id
    waiting = known.get(partner_id, 0)
    label = f"Messages ({waiting} new)" if waiting else "Messages"
    return Entry(label, reverse("messaging:thread", args=[partner_id]))
