"""What an address stands for; whoever has no part in it is told that there is no such page."""

from uuid import UUID

from django.http import Http404

from core.accounts.models import Person
from core.canvases import permissions, queries
from core.canvases.models import Sheet
from core.mentorships import queries as of_mentorships
from core.mentorships.models import Mentorship


def mentorship_of(person: Person, mentorship_id: UUID) -> Mentorship:
    """A relationship of this person; raises Http404."""
    found = of_mentorships.of_person(person, mentorship_id)
    if found is None or not permissions.may_see(person, found):
        raise Http404
    return found


def sheet_of(person: Person, sheet_id: UUID) -> Sheet:
    """A canvas of this person; raises Http404."""
    found = queries.of_person(person, sheet_id)
    if found is None:
        raise Http404
    return found


def partner_in(mentorship: Mentorship, person: Person) -> Person:
    """The other one of the two."""
    return mentorship.mentee if person.pk == mentorship.mentor_id else mentorship.mentor
