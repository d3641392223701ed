"""Marks of somebody in what is remembered outside the tables: sessions of others, and the cache."""

import json
import logging
import re
from collections.abc import Collection
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from core.privacy.rules import FORMER, GONE
from core.privacy.services.erasing.identity import Identity

OWNER = "_auth_user_id"
log = logging.getLogger(__name__)


def strip_sessions(who: Identity, keys: Collection[UUID]) -> int:
    """Take marks out of the sessions of others; out: how many sessions changed.

    A signed-out browser that keeps words of theirs, until somebody signs in, loses its session.
    """
    mine = re.compile("|".join(form for key in keys for form in (str(key), key.hex)))
    changed = 0
    for session in Session.objects.iterator():
        data = session.get_decoded()
        said = json.dumps(data, ensure_ascii=False)
        clean = said
        for marks, word in ((who.marks, GONE), (who.names, FORMER)):
            if marks:
                clean = who.expression(marks).sub(word, clean)
        if OWNER not in data and (clean != said or mine.search(said)):
            session.delete()
        elif clean != said:
            session.session_data = SessionStore().encode(json.loads(clean))
            session.save(update_fields=["session_data"])
        else:
            continue
        changed += 1
    return changed


def forget_in_cache(who: Identity) -> None:
    """Drop what the cache of this institute holds about somebody, once the transaction is through.

    Without the cache nothing is done: what is in it ends by itself within hours.
    """
    prefix = cache.make_key("")  # of the institute in force now
    if who.everything:
        transaction.on_commit(lambda: _forget(prefix, who), robust=True)


def _forget(prefix: str, who: Identity) -> None:
    sought = who.octets((*who.names, *who.marks))
    literally = re.sub(r"([*?\[\]\\])", r"\\\1", prefix)
    try:
        store = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
        doomed = [
            key
            for key in store.scan_iter(match=f"{literally}*", count=500)
            if sought.search(key)
            or (store.type(key) == b"string" and sought.search(store.get(key) or b""))
        ]
        if doomed:
            store.delete(*doomed)
    except (RedisError, OSError):
        log.warning("the cache could not be searched after an erasure")
