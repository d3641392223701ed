"""Cache keys carry the schema by themselves."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

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
