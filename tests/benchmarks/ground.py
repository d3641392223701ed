"""The server and the databases of benchmarks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from config.local import places


def _place() -> "places.Postgres":
    """A server of this run alone, so that two runs do not end each other's."""
    from config.local import places as known

    return replace(known.postgres(f"bench-{os.getpid()}"), durable=True)


def choose_server() -> None:
    """Start a durable embedded server and name it in DATABASE_URL, unless one is named there.

    To be called before Django is set up: the environment is read once.
    """
    if "DATABASE_URL" in os.environ:
        return
    from config import env
    from config.local import postgres

    place = _place()
    postgres.start(place)
    os.environ["DATABASE_URL"] = (
        f"postgresql://postgres@/postgres?host={quote(str(place.socket_folder))}"
    )
    env.current.cache_clear()


def stop_server() -> None:
    """Stop the embedded server of benchmarks and forget its data; harmless when there is none."""
    from config.local import postgres

    postgres.forget(_place())


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """An empty database with the shared schema, in use by this process for the block.

    Out: its name.
    """
    from django.db import DEFAULT_DB_ALIAS, connections

    from tenants.upgrade import migrate_public
    from tests import database

    before = str(connections.settings[DEFAULT_DB_ALIAS]["NAME"])
    with database._server() as server:
        database._drop(server, name)
        server.execute(f'create database "{name}"')
    database.use(name)
    try:
        migrate_public()
        yield name
    finally:
        connections.close_all()
        database.use(before)
        with database._server() as server:
            database._drop(server, name)


def address_of(name: str) -> str:
    """DATABASE_URL with another database."""
    url = os.environ["DATABASE_URL"]
    base, question, query = url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}{question}{query}"
