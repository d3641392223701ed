"""What happens with guides."""

from core.accounts.models import Person
from core.resources.models import Guide, GuideRead


def mark_read(guide: Guide, *, by: Person) -> GuideRead:
    """Mark a guide as read; a second time changes nothing (product E11)."""
    mark, _ = GuideRead.objects.get_or_create(guide=guide, person=by)
    return mark


def mark_unread(guide: Guide, *, by: Person) -> None:
    """Take the mark away again."""
    GuideRead.objects.filter(guide=guide, person=by).delete()
