"""Reads of the institute's settings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from django.core.cache import cache
from redis.exceptions import RedisError

from core.programme.models import Edition, Programme
from core.programme.rules import Policies, Words, expand, spoken

CACHE_KEY = "programme:current"
_SECONDS = 60


_instead: ContextVar[Programme | None] = ContextVar("programme_instead", default=None)
LegalPages = Callable[[], Sequence[tuple[str, str]]]
_legal_pages: list[LegalPages] = []


@contextmanager
def shown_as(row: Programme) -> Iterator[None]:
    """Within it these unsaved settings are the current ones: for previews, never for deeds."""
    token = _instead.set(row)
    try:
        yield
    finally:
        _instead.reset(token)


def offer_legal_pages(pages: LegalPages) -> LegalPages:
    """Register who knows the pages that the footer can lead to: [(slug, title), …]."""
    _legal_pages[:] = [pages]
    return pages


def legal_pages() -> list[tuple[str, str]]:
    """The pages that the footer can lead to."""
    return [page for pages in _legal_pages for page in pages()]


def current() -> Programme:
    """The settings of the present site, from the cache for a minute at most.

    The cache key carries the site; saving the row drops it. Raises Programme.DoesNotExist on a
    site that was never set up.
    """
    if (instead := _instead.get()) is not None:
        return instead
    try:
        row = cast("Programme | None", cache.get(CACHE_KEY))
        if row is None:
            row = Programme.objects.get()
            cache.set(CACHE_KEY, row, _SECONDS)
    except RedisError:  # pages stay up without the cache
        return Programme.objects.get()
    return row


def words() -> Words:
    """The institute's nouns."""
    return current().words


def policies() -> Policies:
    """The institute's decisions."""
    return current().policies


def placeholders() -> dict[str, str]:
    """What the placeholders of the institute's texts stand for: {{ a_request }}, {{ tools_menu }},
    {{ programme }} and the others. Read once for many texts."""
    programme = current()
    return {
        **spoken(programme.words, programme.menus),
        "programme": programme.programme_name,
        "organisation": programme.organisation_name,
        "contact_email": programme.contact_email,
        "typical_length": programme.typical_length,
    }


def in_our_words(text: str) -> str:
    """One text of the institute with its placeholders replaced."""
    return expand(text, placeholders())


def editions(kind: str) -> dict[str, Edition]:
    """The editions in force of a kind ("journey", "canvas", "survey"), by key: one query."""
    return {row.key: row for row in Edition.objects.filter(kind=kind, retired_at=None)}


def edition(kind: str, key: str) -> Edition | None:
    """The edition in force, or None where the institute has none."""
    return Edition.objects.filter(kind=kind, key=key, retired_at=None).first()
