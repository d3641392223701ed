"""Who may do what with goals: the owner changes, the partner reads, nobody else sees (E5)."""

from core.accounts.models import Person
from core.goals.models import Goal
from core.mentorships import permissions
from core.mentorships.models import Mentorship


def may_see(person: Person, goal: Goal) -> bool:
    """The two; what was deleted only its owner. Staff do not."""
    if not permissions.may_see(person, goal.mentorship):
        return False
    return not goal.is_deleted or is_owner(person, goal)


def is_owner(person: Person, goal: Goal) -> bool:
    """Whether it is theirs."""
    return person.is_active and goal.owner_id == person.pk


def may_add(person: Person, mentorship: Mentorship) -> bool:
    """Either of the two, while they work together."""
    return permissions.is_party(person, mentorship) and mentorship.is_active


def may_change(person: Person, goal: Goal) -> bool:
    """Its owner, while the two work together; a completed goal is reopened first."""
    return (
        is_owner(person, goal)
        and goal.mentorship.is_active
        and not goal.is_completed
        and not goal.is_deleted
    )


def may_complete(person: Person, goal: Goal) -> bool:
    """Its owner, also after the relationship is over."""
    return is_owner(person, goal) and not goal.is_completed and not goal.is_deleted


def may_reopen(person: Person, goal: Goal) -> bool:
    """Its owner, while the two work together."""
    return (
        is_owner(person, goal)
        and goal.mentorship.is_active
        and goal.is_completed
        and not goal.is_deleted
    )


def may_delete(person: Person, goal: Goal) -> bool:
    """Its owner, at any time."""
    return is_owner(person, goal) and not goal.is_deleted
