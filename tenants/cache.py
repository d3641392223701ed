"""The cache: keys carry the schema by themselves, and looking into it is quick."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from tenants.context import current_schema

_apart: ContextVar[str] = ContextVar("apart", default="")


def key(name: str, prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: the schema in force stands in every key. Raises OutsideTenancy."""
    return f"{prefix}:{current_schema()}{_apart.get()}:{version}:{name}"


@contextmanager
def apart() -> Iterator[None]:
    """Within the block nothing in the cache is seen, and what is put there nobody else sees.

    For work that is rolled back: what it remembers is not so.
    """
    before = _apart.set(f".{secrets.token_hex(8)}")
    try:
        yield
    finally:
        _apart.reset(before)


class _OneClient(RedisCacheClient):
    _made: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if self._made is None:
            self._made = super().get_client(key, write=write)
        return self._made


class QuickCache(RedisCache):
    """Django's cache in one Redis, with one client for all looks: making a client anew for each of
    them, as Django does, takes longer than the look itself."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _OneClient
