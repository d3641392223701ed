"""Who may do what with meetings: the two partners, while they work together (product D8)."""

from core.accounts.models import Person
from core.meetings.models import Meeting, MeetingNote
from core.mentorships import permissions
from core.mentorships.models import Mentorship


def may_arrange(person: Person, mentorship: Mentorship) -> bool:
    """Either of the two, while the relationship is active."""
    return permissions.is_party(person, mentorship) and mentorship.is_active


def may_see(person: Person, meeting: Meeting) -> bool:
    """The two alone; staff do not."""
    return permissions.is_party(person, meeting.mentorship)


def may_change(person: Person, meeting: Meeting) -> bool:
    """Either of the two, as long as it is to come."""
    return (
        may_arrange(person, meeting.mentorship) and not meeting.is_cancelled and not meeting.is_over
    )


def may_share_notes(person: Person, meeting: Meeting) -> bool:
    """Notes can be shared while the two work together; private ones can always be written."""
    return may_arrange(person, meeting.mentorship)


def may_change_note(person: Person, note: MeetingNote) -> bool:
    """A note is its author's."""
    return person.is_active and note.author_id == person.pk
