"""Meetings as calendar files (RFC 5545), from the reader's side (product D6).

The UID is the meeting's for ever and the SEQUENCE rises with each change, so a calendar programme
changes and cancels the entry that it has. Times are in UTC: they mean the same everywhere.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, Literal

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from core.accounts.models import Person
from core.kernel.links import absolute
from core.meetings.models import Meeting
from core.meetings.queries import video_url
from core.programme.queries import current

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
CONTENT_TYPE: Final = "text/calendar; charset=utf-8"


def uid(meeting: Meeting) -> str:
    """The name of the meeting in every calendar, whatever happens to it."""
    return f"{meeting.pk}@meetings"


def calendar_file(meetings: Iterable[Meeting], *, reader: Person, method: Method) -> bytes:
    """A calendar with these meetings as `reader` is to see them.

    REQUEST and CANCEL are for mails and name the reader as the one invited, PUBLISH is for files
    and feeds. No contact detail of the partner is in it.
    """
    programme = current()
    calendar = Calendar()
    calendar.add("prodid", f"-//{programme.organisation_name}//{programme.programme_name}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", programme.programme_name)
    for meeting in meetings:
        event = _event(meeting, reader)
        if method != "PUBLISH":
            organiser = _address(programme.mail_sender_address, programme.mail_sender_name)
            invited = _address(reader.email, reader.full_name)
            invited.params["ROLE"] = vText("REQ-PARTICIPANT")
            invited.params["RSVP"] = vText("FALSE")
            event.add("organizer", organiser)
            event.add("attendee", invited)
        elif not meeting.is_cancelled:
            event.add_component(_alarm(meeting))
        calendar.add_component(event)
    drawn: bytes = calendar.to_ical()
    return drawn


def _event(meeting: Meeting, reader: Person) -> Event:
    partner, page = meeting.partner_of(reader), absolute(meeting.get_absolute_url())
    room = video_url(meeting)
    lines = [f"With {partner.full_name}"]
    lines += [meeting.details] if meeting.details else []
    lines += [f"Video chat: {room}"] if room else []
    lines += [page]
    event = Event()
    event.add("uid", uid(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("created", meeting.created_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("description", "\n\n".join(lines))
    if meeting.place or room:
        event.add("location", meeting.place or room)
    event.add("url", page)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    return event


def _alarm(meeting: Meeting) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", meeting.title)
    alarm.add("trigger", timedelta(minutes=-15))
    return alarm


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address
