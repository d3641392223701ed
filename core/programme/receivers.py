"""Keep the cached settings true."""

from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from redis.exceptions import RedisError

from core.kernel import letters
from core.programme.models import Edition, Programme
from core.programme.queries import CACHE_KEY, TEXTS_KEY, read_again


@receiver(post_save, sender=Programme)
def forget_cached_programme(**kwargs: Any) -> None:
    """Drop the cached row now and once more after commit (a reader may have refilled it)."""
    _forget(CACHE_KEY)
    transaction.on_commit(lambda: _forget(CACHE_KEY), robust=True)


@receiver(post_save, sender=Edition)
def forget_cached_texts(instance: Edition, **kwargs: Any) -> None:
    """The same for the texts of mails."""
    if instance.kind == letters.KIND:
        _forget(TEXTS_KEY)
        transaction.on_commit(lambda: _forget(TEXTS_KEY), robust=True)


def _forget(key: str) -> None:
    read_again()
    with suppress(RedisError):  # what cannot be reached holds nothing for long
        cache.delete(key)
