"""Locks on short names: one run at a time does something to an institute.

A lock lives as long as the connection that took it, so a run that was killed lets it go at once.
"""

from hashlib import sha256

from tenants.context import platform_scope, wrapper


def take(slug: str) -> bool:
    """Take the lock of a short name for this connection; False when somebody else has it."""
    with wrapper().cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key(slug)])
        return bool(cursor.fetchone()[0])


def give_back(slug: str) -> None:
    """Let the lock go."""
    with wrapper().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key(slug)])


def is_taken(slug: str) -> bool:
    """Whether a run has the short name now: one that was killed has not, whatever its row says."""
    with platform_scope():
        free = take(slug)
        if free:
            give_back(slug)
    return not free


def key(slug: str) -> int:
    """The number that stands for a short name in the database."""
    return int.from_bytes(sha256(f"provision:{slug}".encode()).digest()[:8], "big", signed=True)
