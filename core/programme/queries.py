"""Reads of the institute's settings."""

from typing import cast

from django.core.cache import cache

from core.programme.models import Programme
from core.programme.rules import Policies, Words

CACHE_KEY = "programme:current"
_SECONDS = 60


def current() -> Programme:
    """The settings of the present site, from the cache for a minute at most.

    The cache key carries the site; saving the row drops it. Raises Programme.DoesNotExist on a
    site that was never set up.
    """
    row = cast(Programme | None, cache.get(CACHE_KEY))
    if row is None:
        row = Programme.objects.get()
        cache.set(CACHE_KEY, row, _SECONDS)
    return row


def words() -> Words:
    """The institute's nouns."""
    return current().words


def policies() -> Policies:
    """The institute's decisions."""
    return current().policies
