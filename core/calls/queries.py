"""Which room a person may be in, when, and which servers help two browsers to meet."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.queries import blocked_between
from core.calls.rules import RELAY_GRACE, ROOM_PLACEHOLDER, Hours, State, hours
from core.kernel.clock import now
from core.kernel.ports import current_site
from core.meetings.models import Meeting
from core.meetings.queries import all_of
from core.mentorships.states import State as Standing
from core.programme.queries import policies


@dataclass(frozen=True)
class Room:
    """A meeting's room as one of the two sees it."""

    meeting: Meeting
    person: Person
    partner: Person
    hours: Hours
    state: State

    @property
    def gives_way(self) -> bool:
        """Whether this side's offer yields when both speak at once: exactly one side's does."""
        return self.person.pk == self.meeting.mentorship.mentee_id


def room_of(person: Person, room_key: str) -> Room | None:
    """The room with this key; None for everybody but the two partners of an active relationship,
    and everywhere at an institute that meets elsewhere."""
    if policies().video_link is not None or not person.is_active:
        return None
    meeting = all_of(person).filter(room_key=room_key, is_video=True).first()
    if meeting is None or meeting.mentorship.state != Standing.ACTIVE:
        return None
    partner = meeting.partner_of(person)
    if not partner.is_active or blocked_between(person, partner):
        return None
    open_hours = hours_of(meeting)
    state = State.CANCELLED if meeting.is_cancelled else open_hours.state(now())
    return Room(meeting, person, partner, open_hours, state)


def hours_of(meeting: Meeting) -> Hours:
    """When the meeting's room is open, by the institute's numbers."""
    chosen = policies()
    return hours(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        before=chosen.video_minutes_before,
        after=chosen.video_minutes_after,
    )


def room_link(meeting: Meeting) -> str:
    """Where two people meet: a path of ours, or the address of the institute's own provider."""
    elsewhere = policies().video_link
    if elsewhere is not None:
        return elsewhere.replace(ROOM_PLACEHOLDER, meeting.room_key)
    return reverse("calls:room", args=[meeting.room_key])


def helping_servers(person: Person, *, until: datetime) -> list[dict[str, Any]]:
    """The STUN and TURN servers in the words of WebRTC; empty where none are set.

    The relay's credentials are made for this person and this call: a name with the time at which
    it runs out, and as password its HMAC under the secret that the relay knows too (coturn,
    `use-auth-secret`). The name tells the relay nothing about who it is.
    """
    servers: list[dict[str, Any]] = []
    if settings.STUN_URLS:
        servers.append({"urls": list(settings.STUN_URLS)})
    if settings.TURN_URLS and settings.TURN_SECRET:
        who = hashlib.sha256(f"{current_site().key}:{person.pk}".encode()).hexdigest()[:16]
        name = f"{int((until + RELAY_GRACE).timestamp())}:{who}"
        proof = hmac.digest(settings.TURN_SECRET.encode(), name.encode(), "sha1")
        password = base64.b64encode(proof).decode()
        servers.append({"urls": list(settings.TURN_URLS), "username": name, "credential": password})
    return servers
