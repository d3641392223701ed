"""The seam to the tenancy library: which institute is in force, and nothing else.

`tenant_context` and `platform_scope` are the only ways in. Both restore exactly what was in force
before, on this thread's own connection. Put them outside and the transaction inside: what runs
after commit then still runs within the institute.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.db import DEFAULT_DB_ALIAS, connections

from tenants.backend.base import DatabaseWrapper, HasSchema
from tenants.errors import OutsideTenancy
from tenants.models import Institute
from tenants.names import PUBLIC_SCHEMA, is_schema_name


class _Platform:
    """The shared schema, in force inside `platform_scope`."""

    schema_name = PUBLIC_SCHEMA


class BareSchema:
    """A schema without an institute, while it is made or upgraded."""

    def __init__(self, schema_name: str) -> None:
        if not is_schema_name(schema_name):
            raise ValueError(f"not a schema name of ours: {schema_name!r}")
        self.schema_name = schema_name


def wrapper() -> DatabaseWrapper:
    """This thread's connection."""
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])


@contextmanager
def _in_force(thing: HasSchema) -> Iterator[None]:
    connection = wrapper()
    before = connection.tenant
    connection.set_tenant(thing)
    try:
        yield
    finally:
        if before is None:
            connection.rest()
        else:
            connection.set_tenant(before)


@contextmanager
def tenant_context(institute: Institute) -> Iterator[Institute]:
    """Put `institute` in force for the block. Raises ValueError for a schema not made by us."""
    if not is_schema_name(institute.schema_name):
        raise ValueError(f"not a schema name of ours: {institute.schema_name!r}")
    with _in_force(institute):
        yield institute


@contextmanager
def platform_scope() -> Iterator[None]:
    """Put the shared schema in force: institutes, domains and the platform's records."""
    with _in_force(_Platform()):
        yield


@contextmanager
def schema_scope(schema_name: str) -> Iterator[None]:
    """Put a bare schema in force, for the code that makes and upgrades schemas."""
    with _in_force(BareSchema(schema_name)):
        yield


def current_institute() -> Institute | None:
    """The institute in force; None in the platform's scope, in a bare schema and at rest."""
    thing = wrapper().tenant
    return thing if isinstance(thing, Institute) else None


def current_schema() -> str:
    """The schema in force. Raises OutsideTenancy at rest."""
    name = wrapper().schema_name
    if name is None:
        raise OutsideTenancy("No institute is in force here.")
    return name


def in_platform_scope() -> bool:
    """Whether the shared schema is in force."""
    return wrapper().schema_name == PUBLIC_SCHEMA
