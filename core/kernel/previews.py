"""Previews on the staff site: real pages drawn with what somebody is still writing.

What is written is kept in the cache for its writer alone and drawn in frames that run no script
and send no form. Which pages can be shown is registered by those who know them (`offer_sample`).
"""

import secrets
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from redis.exceptions import RedisError

KEPT_SECONDS = 2 * 3600
_FRAMED = (
    "default-src 'none'; style-src 'self'{inline}; img-src 'self' data:; font-src 'self'; "
    "form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
)

Make = Callable[[HttpRequest], dict[str, Any]]


@dataclass(frozen=True)
class Sample:
    """A page that previews show. `guest` draws it as a stranger sees it."""

    key: str
    label: str
    template: str
    make: Make
    guest: bool = False
    is_mail: bool = False


_samples: dict[str, Sample] = {}


def offer_sample(sample: Sample) -> None:
    """Register a page for previews; the first one offered is shown first."""
    _samples[sample.key] = sample


def samples() -> list[Sample]:
    """What previews can show."""
    return list(_samples.values())


def sample(key: str) -> Sample:
    """One of them; the first for a key that is not known."""
    return _samples.get(key) or next(iter(_samples.values()))


def keep(owner: UUID, what: str, data: dict[str, Any]) -> str:
    """Keep what somebody is writing. Out: the key under which only they find it again; "" when
    nothing can be kept just now."""
    key = secrets.token_urlsafe(12)
    try:
        cache.set(_place(owner, what, key), data, KEPT_SECONDS)
    except RedisError:
        return ""
    return key


def kept(owner: UUID, what: str, key: str) -> dict[str, Any] | None:
    """What this person is writing; None for another one's key or after two hours."""
    if not key or len(key) > 40:
        return None
    try:
        found = cache.get(_place(owner, what, key))
    except RedisError:
        return None
    return found if isinstance(found, dict) else None


def _place(owner: UUID, what: str, key: str) -> str:
    return f"preview:{what}:{owner}:{key}"


def drawn(request: HttpRequest, chosen: Sample, **context: Any) -> HttpResponse:
    """The page of a sample for a frame, never kept by a browser."""
    seen = copy(request)
    seen.path = seen.path_info = "/"
    if chosen.guest:
        seen.user = AnonymousUser()
        seen.acting_as = None  # type: ignore[attr-defined]
    else:
        seen.acting_as = "mentee"  # type: ignore[attr-defined]
    told = {**chosen.make(seen), "messages": [], "in_frame": True, "unread_messages": 2, **context}
    return in_frame(render(seen, chosen.template, told), inline=chosen.is_mail)


def in_frame(response: HttpResponse, *, inline: bool = False) -> HttpResponse:
    """Let pages of this site show the answer in a frame; mails carry their styles inline."""
    allowed = " 'unsafe-inline'" if inline else ""
    response.headers["Content-Security-Policy"] = _FRAMED.format(inline=allowed)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    add_never_cache_headers(response)
    return response


def with_frames(response: HttpResponse) -> HttpResponse:
    """Let a staff page hold frames of this site."""
    policy = {**settings.STAFF_CONTENT_SECURITY_POLICY, "frame-src": ["'self'"]}
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {' '.join(sources)}" for name, sources in policy.items()
    )
    return response
