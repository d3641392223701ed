"""The database wrapper: a connection rests in no schema and never sees two.

Built on django-tenants' wrapper, with three differences:

- it rests in *no* schema: a query outside `tenants.context` raises `OutsideTenancy` instead of
  running in the shared schema;
- the search path of an institute holds its schema alone, so a missing table is an error and
  never falls through to the shared one;
- changing the schema leaves the ContentType cache alone: ids are the same in every schema
  (`tenants.contents`), and clearing a cache that all threads share is a race.
"""

from typing import Any, Protocol

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.utils import CursorWrapper
from django.utils.functional import cached_property
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper

from tenants.errors import OutsideTenancy


class HasSchema(Protocol):
    """What the wrapper must know of the thing in force."""

    @property
    def schema_name(self) -> str:
        """The one schema of the search path."""


class _Catalogue:
    """For connections to the server itself, where databases are made and dropped."""

    schema_name = "pg_catalog"


class DatabaseWrapper(TenantsWrapper):  # type: ignore[misc]
    """PostgreSQL with exactly one schema in force, or none."""

    tenant: HasSchema | None
    schema_name: str | None
    search_path_set_schemas: list[str] | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.alias == NO_DB_ALIAS:
            self.set_tenant(_Catalogue())

    def set_tenant(self, tenant: HasSchema, include_public: bool = False) -> None:
        """Put one schema in force. In: anything with a `schema_name`."""
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self.include_public_schema = False

    def set_schema_to_public(self) -> None:
        """Rest: what the library calls public is here no schema at all."""
        self.rest()

    def rest(self) -> None:
        """Put no schema in force: from here on queries raise."""
        self.tenant = None
        self.schema_name = None

    @cached_property
    def pg_version(self) -> int:
        """The server's version, asked without a cursor: connecting is allowed at rest."""
        self.ensure_connection()
        return int(self.connection.info.server_version)

    def _cursor(self, name: str | None = None) -> CursorWrapper:
        if self.schema_name is None:
            raise OutsideTenancy(
                "A query was made outside any institute. Wrap the code in "
                "tenants.context.tenant_context(institute), or in platform_scope() for the "
                "platform's own tables."
            )
        cursor: CursorWrapper = super()._cursor(name)
        return cursor

    def _handle_search_path(self, cursor: CursorWrapper | None = None) -> None:
        if self.search_path_set_schemas == [self.schema_name]:
            return
        super()._handle_search_path(cursor)
