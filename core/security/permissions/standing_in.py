"""Who may stand in for whom."""

from core.accounts.models import Person
from core.kernel.rights import Area, Right, right_of


def may_stand_in(person: Person) -> bool:
    """Whether this person may sign in as members: who may change people, and no visitor."""
    if not person.is_active or not person.is_staff or person.is_operator:
        return False
    return person.is_superuser or right_of(person.staff_role, Area.PEOPLE) is Right.WRITE


def may_be_stood_in_for(person: Person) -> bool:
    """Whether somebody of the team may sign in as this person: members with an open account.

    Never one of the team: nobody gains rights by standing in.
    """
    return person.is_active and not (
        person.is_staff or person.is_superuser or person.is_operator or person.closed_at
    )
