"""Keep the cached settings true."""

from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from redis.exceptions import RedisError

from core.programme.models import Programme
from core.programme.queries import CACHE_KEY


@receiver(post_save, sender=Programme)
def forget_cached_programme(**kwargs: Any) -> None:
    """Drop the cached row now and once more after commit (a reader may have refilled it)."""
    _forget()
    transaction.on_commit(_forget, robust=True)


def _forget() -> None:
    with suppress(RedisError):  # what cannot be reached holds nothing for long
        cache.delete(CACHE_KEY)
