"""Checks at the start: ``manage.py check --deploy --database default``."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def connection_is_not_pooled_by_transaction(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A pooler in transaction mode forgets the schema between two transactions: it would answer
    one institute with another's rows. Seen by asking the same connection twice who serves it and
    what was set on it."""
    return [
        Error(
            f"The database {alias} stands behind a pooler in transaction mode. "
            "Connect directly or use a pooler in session mode.",
            id="config.E001",
        )
        for alias in databases or []
        if _loses_its_session(alias)
    ]


def _loses_its_session(alias: str) -> bool:
    wrapper = connections[alias]
    wrapper.ensure_connection()
    raw = wrapper.connection
    seen = set()
    with raw.cursor() as cursor:
        cursor.execute("select set_config('config.probe', %s, false)", [str(id(raw))])
        for _ in range(5):
            cursor.execute("select pg_backend_pid(), current_setting('config.probe', true)")
            seen.add(cursor.fetchone())
    return len(seen) != 1 or seen.pop()[1] != str(id(raw))


@register(Tags.security, deploy=True)
def nothing_inside_is_reached(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Staff of institutes name servers for us to ask: none of them may be inside our network."""
    if not settings.OUTGOING_ALLOWED_HOSTS:
        return []
    hosts = ", ".join(settings.OUTGOING_ALLOWED_HOSTS)
    return [
        Error(
            f"OUTGOING_ALLOWED_HOSTS lets institutes reach {hosts} inside the network. "
            "It is for the demo and for tests: leave it empty.",
            id="config.E002",
        )
    ]
