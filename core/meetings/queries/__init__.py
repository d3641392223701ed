"""Reading meetings: whose, when, and where they happen."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.links import absolute
from core.meetings.models import CalendarFeed, Meeting, MeetingNote
from core.mentorships.models import Mentorship

FEED_LOOKS_BACK = timedelta(days=366)
FEED_LONGEST = 500

VideoLink = Callable[[Meeting], str]
_video_link: list[VideoLink] = []


def offer_video_link(function: VideoLink) -> VideoLink:
    """Register who knows the address of a meeting's video room: a path of ours, or an address
    elsewhere. The last one registered is asked."""
    _video_link[:] = [function]
    return function


def video_url(meeting: Meeting) -> str:
    """The full address of the meeting's video room; empty where there is none."""
    if not meeting.is_video or meeting.is_cancelled or not _video_link:
        return ""
    address = _video_link[0](meeting)
    return absolute(address) if address.startswith("/") else address


def with_people() -> QuerySet[Meeting]:
    """Meetings with both people at hand."""
    return Meeting.objects.select_related("mentorship__mentor", "mentorship__mentee", "arranged_by")


def of_person(person: Person, meeting_id: UUID) -> Meeting | None:
    """One meeting of this person; None when it does not exist or is somebody else's."""
    found = with_people().filter(pk=meeting_id).first()
    if found is None or not person.is_active:
        return None
    two = found.mentorship
    return found if person.pk in (two.mentor_id, two.mentee_id) else None


def all_of(person: Person) -> QuerySet[Meeting]:
    """Every meeting of this person, whatever the role."""
    return with_people().filter(Q(mentorship__mentor=person) | Q(mentorship__mentee=person))


def coming(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Those that are on or to come, next first."""
    return meetings.filter(cancelled_at=None, ends_at__gt=now()).order_by("starts_at", "id")


def past(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Those that are over or were called off, latest first."""
    return meetings.exclude(cancelled_at=None, ends_at__gt=now()).order_by("-starts_at", "-id")


def current_or_next(mentorship: Mentorship) -> Meeting | None:
    """The meeting that is on now, or else the next one."""
    return coming(with_people().filter(mentorship=mentorship)).first()


def notes_for(meeting: Meeting, reader: Person) -> list[MeetingNote]:
    """The reader's own notes, and what the partner shares (product D8)."""
    readable = Q(author=reader) | Q(shared=True)
    return list(meeting.notes.filter(readable).select_related("author"))


def feed_of(person: Person) -> CalendarFeed | None:
    """The person's calendar feed, if they have made one."""
    return CalendarFeed.objects.filter(person=person).first()


def feed_with(key: str) -> CalendarFeed | None:
    """The feed behind an address, while its person may sign in."""
    return (
        CalendarFeed.objects.select_related("person")
        .filter(key=key, person__is_active=True)
        .first()
    )


def for_feed(person: Person) -> QuerySet[Meeting]:
    """What a calendar programme is told: what is to come, and the last year."""
    since = now() - FEED_LOOKS_BACK
    return all_of(person).filter(cancelled_at=None, ends_at__gt=since)[:FEED_LONGEST]


def note_of(person: Person, note_id: UUID) -> MeetingNote | None:
    """One of this person's own notes; None for everything else."""
    rows = MeetingNote.objects.select_related(
        "meeting__mentorship__mentor", "meeting__mentorship__mentee"
    )
    return rows.filter(pk=note_id, author=person).first() if person.is_active else None


def next_by_mentorship(person: Person) -> dict[UUID, Meeting]:
    """The next meeting in each of a person's relationships, in one query."""
    found: dict[UUID, Meeting] = {}
    for meeting in coming(all_of(person))[:FEED_LONGEST]:
        found.setdefault(meeting.mentorship_id, meeting)
    return found


def met_before(person: Person) -> set[UUID]:
    """The relationships of this person in which there was a meeting."""
    rows = Meeting.objects.filter(cancelled_at=None, ends_at__lte=now())
    own = Q(mentorship__mentor=person) | Q(mentorship__mentee=person)
    return set(rows.filter(own).values_list("mentorship_id", flat=True).distinct())
