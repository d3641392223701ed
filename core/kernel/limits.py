"""Rate limits on the shared cache (its keys carry the site)."""

import hashlib

from django.core.cache import cache


def allow(bucket: str, *, limit: int, seconds: int) -> bool:
    """Count one use of `bucket`; False from the use after `limit` within `seconds` on."""
    key = "limit:" + hashlib.sha256(bucket.encode()).hexdigest()
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key)) <= limit
    except ValueError:  # it ran out between the two calls: a new window begins
        cache.set(key, 1, timeout=seconds)
        return True
