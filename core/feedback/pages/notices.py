"""What the dashboard says of questions that wait for an answer (product E10)."""

from collections.abc import Iterator

from core.accounts.models import Person
from core.feedback import queries
from core.feedback.rules.survey import MIDPOINT
from core.mentorships.pages.entries import Notice, offer_notices
from core.programme.queries import policies

SHOWN = 2


@offer_notices
def survey_waits(reader: Person) -> Iterator[Notice]:
    """The latest that wait for this person; one query. Where optional, a quiet line."""
    required = policies().feedback == "required"
    for one in queries.waiting_for(reader)[:SHOWN]:
        mentor, mentee = one.mentorship.mentor, one.mentorship.mentee
        name = (mentee if one.person_id == mentor.pk else mentor).full_name
        if one.moment == MIDPOINT:
            text = f"You are in the middle of your time with {name}: how is it going?"
        else:
            text = f"Your time with {name} is over: how was it?"
        yield Notice(text, "Give your feedback", one.get_absolute_url(), warn=required)
