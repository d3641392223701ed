"""A diary is read and written by its writer alone; staff and operators have no part in it."""

from core.accounts.models import Person
from core.diary.models import Entry
from core.programme.queries import current


def is_offered() -> bool:
    """Whether the institute has the diary among its tools."""
    return "diary" in current().menus.tools.items


def may_write(person: Person) -> bool:
    """Whoever is a member where the institute offers the diary."""
    return person.is_active and is_offered()


def may_read(person: Person) -> bool:
    """Where it is no longer offered, those who have written keep what is theirs (E13)."""
    return person.is_active and (
        is_offered() or Entry.objects.filter(writer=person, deleted_at=None).exists()
    )
