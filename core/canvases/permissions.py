"""Who may do what with canvases: the two partners (product E2)."""

from core.accounts.models import Person
from core.mentorships import permissions
from core.mentorships.models import Mentorship


def may_see(person: Person, mentorship: Mentorship) -> bool:
    """The two alone; staff do not."""
    return permissions.may_see(person, mentorship)


def may_write(person: Person, mentorship: Mentorship) -> bool:
    """Either of the two, while the relationship is active."""
    return may_see(person, mentorship) and mentorship.is_active
