"""A meeting as its reader sees it."""

from dataclasses import dataclass
from datetime import timedelta

from core.accounts.models import Person
from core.kernel.clock import now
from core.meetings import rules
from core.meetings.models import Meeting
from core.meetings.queries import video_url
from core.programme.queries import policies


@dataclass(frozen=True)
class Line:
    """One meeting in one reader's time zone; `badge` and `tone` say how it stands."""

    meeting: Meeting
    partner: Person
    when: str
    video_url: str
    badge: str
    tone: str


def line(meeting: Meeting, reader: Person) -> Line:
    """The meeting as this reader sees it; asks the database nothing."""
    zone = rules.zone_named(reader.time_zone)
    badge, tone = _badge(meeting)
    room_closes_at = meeting.ends_at + timedelta(minutes=policies().video_minutes_after)
    may_join = meeting.mentorship.is_active and now() < room_closes_at
    return Line(
        meeting=meeting,
        partner=meeting.partner_of(reader),
        when=rules.when_in_words(meeting.starts_at, meeting.ends_at, zone),
        video_url=video_url(meeting) if may_join else "",
        badge=badge,
        tone=tone,
    )


def _badge(meeting: Meeting) -> tuple[str, str]:
    if meeting.is_cancelled:
        return "Cancelled", "warn"
    if meeting.is_over:
        return "Past", "quiet"
    if meeting.starts_at <= now():
        return "On now", "good"
    return "Coming", "good"
