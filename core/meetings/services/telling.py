"""Mails about meetings, with the calendar file that brings the reader's calendar up to date (D6).

Written in the transaction of the change that they tell of (product, decision 6).
"""

from collections.abc import Iterable
from typing import Any, Final, Literal

from core.accounts.models import Person
from core.kernel.links import absolute
from core.kernel.outbox import Attached, one_line
from core.meetings import rules
from core.meetings.models import Meeting
from core.meetings.queries import video_url
from core.meetings.queries.calendars import Method, calendar_file
from core.programme.services import Letter, write_mail, write_mails

Kind = Literal["meeting_arranged", "meeting_changed", "meeting_cancelled"]
METHODS: Final[dict[Kind, Method]] = {
    "meeting_arranged": "REQUEST",
    "meeting_changed": "REQUEST",
    "meeting_cancelled": "CANCEL",
}
FILE_NAMES: Final[dict[Method, str]] = {"REQUEST": "meeting.ics", "CANCEL": "cancelled.ics"}


def tell(
    meeting: Meeting,
    kind: Kind,
    *,
    to: Person,
    by: Person | None = None,
    before: rules.Span | None = None,
) -> None:
    """Write one of the two; `by` is who did it, `before` when it was to be until now."""
    if not to.is_active:
        return
    method = METHODS[kind]
    write_mail(
        template=f"mails/{kind}",
        to=to,
        context=_context(meeting, to, by, before),
        kind=kind,
        about=meeting,
        thread=str(meeting.mentorship_id),
        attachments=[_attached(meeting, to, method)],
    )
    if method == "REQUEST" and not meeting.was_sent_to(to):
        side = "sent_to_mentor" if to.pk == meeting.mentorship.mentor_id else "sent_to_mentee"
        setattr(meeting, side, True)
        meeting.save(update_fields=[side])


def remind_of(meetings: Iterable[Meeting]) -> None:
    """Write both people of each meeting that it is coming up, in one statement."""
    write_mails(
        Letter(
            template="mails/meeting_reminder",
            to=to,
            context=_context(meeting, to),
            kind="meeting_reminder",
            about=meeting,
            thread=str(meeting.mentorship_id),
        )
        for meeting in meetings
        for to in (meeting.mentorship.mentor, meeting.mentorship.mentee)
        if to.is_active
    )


def _attached(meeting: Meeting, to: Person, method: Method) -> Attached:
    return Attached(
        name=FILE_NAMES[method],
        type=f"text/calendar; method={method}",
        content=calendar_file([meeting], reader=to, method=method),
    )


def _context(
    meeting: Meeting, to: Person, by: Person | None = None, before: rules.Span | None = None
) -> dict[str, Any]:
    zone = rules.zone_named(to.time_zone)
    moved = before is not None and before != rules.Span(meeting.starts_at, meeting.ends_at)
    return {
        "title": one_line(meeting.title),
        "partner_name": one_line(meeting.partner_of(to).full_name),
        "by_you": by is not None and by.pk == to.pk,
        "by_partner": by is not None and by.pk == meeting.partner_of(to).pk,
        "when": rules.when_in_words(meeting.starts_at, meeting.ends_at, zone),
        "before": rules.when_in_words(before.starts_at, before.ends_at, zone)
        if before is not None and moved
        else "",
        "zone": rules.in_words(zone.key),
        "place": one_line(meeting.place),
        "details": meeting.details,
        "is_video": meeting.is_video,
        "video_url": video_url(meeting),
        "page": absolute(meeting.get_absolute_url()),
        "still_together": meeting.mentorship.is_active,
    }
