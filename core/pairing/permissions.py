"""Who may match people: asked again when a job runs, which may be long after it was ordered."""

from core.accounts.models import Person
from core.kernel.rights import Area, Right, right_of


def may_pair(person: Person) -> bool:
    """Whether this member of the team may change relationships."""
    if not (person.is_active and person.is_staff):
        return False
    return person.is_superuser or right_of(person.staff_role, Area.RELATIONSHIPS) >= Right.WRITE
