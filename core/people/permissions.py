"""Who may do what with people, asked again when a job of theirs begins."""

from core.accounts.models import Person
from core.kernel.rights import Area, Right, right_of


def may_change_people(person: Person | None) -> bool:
    """Whether somebody may write in the area of people at this moment."""
    if person is None or not (person.is_active and person.is_staff):
        return False
    return person.is_superuser or right_of(person.staff_role, Area.PEOPLE) >= Right.WRITE
