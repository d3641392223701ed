"""Notes of a meeting are written, changed, removed (product D8)."""

from uuid import UUID

from django.db import transaction

from core.accounts.models import Person
from core.kernel.clock import now
from core.meetings import errors, permissions
from core.meetings.models import Meeting, MeetingNote


@transaction.atomic
def write_note(
    meeting: Meeting, *, by: Person, body: str, shared: bool, form_key: UUID | None = None
) -> MeetingNote:
    """Note something down; the same form sent twice makes one note.

    Errors: NotTheirs, NotWorkingTogether for sharing when the relationship is over.
    """
    if not permissions.may_see(by, meeting):
        raise errors.NotTheirs("There is nothing here that you can do.")
    _check_sharing(meeting, by, shared)
    Meeting.objects.select_for_update().get(pk=meeting.pk)  # one form at a time
    if form_key and (note := MeetingNote.objects.filter(author=by, form_key=form_key).first()):
        return note
    return MeetingNote.objects.create(
        meeting=meeting, author=by, body=body, shared=shared, form_key=form_key
    )


@transaction.atomic
def change_note(note: MeetingNote, *, by: Person, body: str, shared: bool) -> MeetingNote:
    """Change a note of one's own. Errors: NotTheirs, NotWorkingTogether for sharing anew."""
    _own(note, by)
    if shared and not note.shared:
        _check_sharing(note.meeting, by, shared)
    note.body, note.shared, note.changed_at = body, shared, now()
    note.save()
    return note


@transaction.atomic
def remove_note(note: MeetingNote, *, by: Person) -> None:
    """Remove a note of one's own. Errors: NotTheirs."""
    _own(note, by)
    note.delete()


def _own(note: MeetingNote, by: Person) -> None:
    if not permissions.may_change_note(by, note):
        raise errors.NotTheirs("There is nothing here that you can do.")


def _check_sharing(meeting: Meeting, by: Person, shared: bool) -> None:
    if shared and not permissions.may_share_notes(by, meeting):
        raise errors.NotWorkingTogether(
            "Notes can be shared while you work together. Keep this one private."
        )
