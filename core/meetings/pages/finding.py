"""What an address stands for; whoever has no part in it is told that there is no such page."""

from uuid import UUID

from django.http import Http404

from core.accounts.models import Person
from core.meetings import queries
from core.meetings.models import Meeting
from core.mentorships import permissions
from core.mentorships import queries as of_mentorships
from core.mentorships.models import Mentorship


def mentorship_of(person: Person, mentorship_id: UUID) -> Mentorship:
    """A relationship of this person; raises Http404."""
    found = of_mentorships.of_person(person, mentorship_id)
    if found is None or not permissions.may_see(person, found):
        raise Http404
    return found


def meeting_of(person: Person, meeting_id: UUID) -> Meeting:
    """A meeting of this person; raises Http404."""
    found = queries.of_person(person, meeting_id)
    if found is None:
        raise Http404
    return found


def partner_in(mentorship: Mentorship, person: Person) -> Person:
    """The other one of the two."""
    return mentorship.mentee if person.pk == mentorship.mentor_id else mentorship.mentor
