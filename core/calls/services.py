"""The mailbox through which two browsers find each other.

Two Redis keys a side: a stream of the signals that wait for it, bounded in number, size and time,
and the window in which the person is. The cache's key function puts the site into both. Nothing
of a call goes through here but the few dozen signals that set it up.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from redis import Redis

from core.calls.errors import TakenOver
from core.calls.queries import Room
from core.calls.rules import PRESENT_SECONDS, SIGNALS_KEPT, SIGNALS_SECONDS, Signal


@dataclass(frozen=True)
class Post:
    """What a browser is told: who is there, what came, and up to where it has read."""

    partner: str | None
    signals: list[dict[str, Any]]
    after: str


def enter(room: Room, signal: Signal) -> None:
    """A window of this person is in the room from now on, and begins with an empty mailbox."""
    with _redis().pipeline() as steps:
        steps.delete(_box(room, room.person.pk))
        steps.set(_window(room, room.person.pk), signal.visit, ex=PRESENT_SECONDS)
        steps.execute()


def pass_on(room: Room, signal: Signal) -> None:
    """Put a signal into the partner's mailbox. Raises TakenOver from a window that is not in."""
    _stay(room, signal.visit)
    box = _box(room, room.partner.pk)
    words = signal.model_dump_json(exclude_none=True)
    with _redis().pipeline() as steps:
        steps.xadd(box, {"signal": words}, maxlen=SIGNALS_KEPT, approximate=False)
        steps.expire(box, SIGNALS_SECONDS)
        steps.execute()


def leave(room: Room, signal: Signal) -> None:
    """Tell the partner, and leave nothing behind. Raises TakenOver from a window that is not in."""
    pass_on(room, signal)
    _redis().delete(_window(room, room.person.pk), _box(room, room.person.pk))


def collect(room: Room, visit: str, after: str) -> Post:
    """What came since; asking is a sign of life. Raises TakenOver.

    Nothing is taken out: an answer that got lost on the way is given again.
    """
    _stay(room, visit)
    known = _redis().get(_window(room, room.partner.pk))
    came = cast(
        "list[tuple[bytes, dict[bytes, bytes]]]",
        _redis().xrange(_box(room, room.person.pk), min=f"({after}", max="+"),
    )
    return Post(
        partner=cast("bytes", known).decode() if known else None,
        signals=[json.loads(fields[b"signal"]) for _place, fields in came],
        after=came[-1][0].decode() if came else after,
    )


def _stay(room: Room, visit: str) -> None:
    """Sign of life of a window; one that fell silent may come back unless another is in."""
    place = _window(room, room.person.pk)
    if _redis().set(place, visit, ex=PRESENT_SECONDS, nx=True):
        return
    inside = _redis().get(place)
    if inside is not None and cast("bytes", inside).decode() != visit:
        raise TakenOver
    _redis().set(place, visit, ex=PRESENT_SECONDS)


def _box(room: Room, person_id: UUID) -> str:
    return cache.make_key(f"calls:{room.meeting.pk}:{person_id}:signals")


def _window(room: Room, person_id: UUID) -> str:
    return cache.make_key(f"calls:{room.meeting.pk}:{person_id}:window")


def _redis() -> "Redis":
    return _client(str(settings.CACHES["default"]["LOCATION"]))


@lru_cache(maxsize=4)
def _client(location: str) -> "Redis":
    """The server of the cache: what Django's cache does not offer is a list to add to."""
    return Redis.from_url(location, socket_timeout=5, socket_connect_timeout=5)
