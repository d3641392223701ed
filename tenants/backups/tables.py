"""The tables of one schema as streams: rows as COPY writes them, in the order of the key."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from tenants.backups.archive import Body
from tenants.context import wrapper

# What decides how COPY writes a value; without it two servers could write the same row in two ways.
STEADY = """
SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL timezone = 'UTC';
SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex'; SET LOCAL statement_timeout = 0
"""
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation <> 0,
       array_position(i.indkey::int2[], a.attnum)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a
  ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE n.nspname = %s AND c.relkind = 'r'
ORDER BY c.relname, a.attname
"""
_SEQUENCES = "SELECT sequencename FROM pg_catalog.pg_sequences WHERE schemaname = %s ORDER BY 1"


@dataclass(frozen=True)
class Table:
    """A table: its columns with their types, generated ones left out, and how it is sorted."""

    name: str
    columns: tuple[tuple[str, str], ...]
    order: sql.Composable

    def described(self) -> dict[str, Any]:
        """The table as an archive names it."""
        return {"name": self.name, "columns": [list(column) for column in self.columns]}


def tables_of(schema_name: str) -> list[Table]:
    """The tables of a schema in the order of the alphabet."""
    with wrapper().cursor() as cursor:
        cursor.execute(_COLUMNS, [schema_name])
        found: dict[str, list[tuple[str, str, bool, int | None]]] = {}
        for table, *column in cursor.fetchall():
            found.setdefault(table, []).append(tuple(column))
    return [
        Table(name, tuple((one[0], one[1]) for one in columns), _order(columns))
        for name, columns in found.items()
    ]


def _order(columns: Sequence[tuple[str, str, bool, int | None]]) -> sql.Composable:
    """By the primary key; a table without one by all it has. Texts as bytes, not as words."""
    keyed = sorted((one for one in columns if one[3] is not None), key=lambda one: one[3] or 0)
    return sql.SQL(", ").join(
        sql.SQL('{} COLLATE "C"').format(sql.Identifier(name))
        if has_collation
        else sql.SQL("{}" if keyed else '{}::text COLLATE "C"').format(sql.Identifier(name))
        for name, _, has_collation, _ in keyed or columns
    )


def copy_out(schema_name: str, table: Table, write: Callable[[Any], None]) -> None:
    """Hand every row of a table to `write`, one at a time, as COPY writes it."""
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _names(table), sql.Identifier(schema_name, table.name), table.order
    )
    with wrapper().cursor() as cursor, cursor.copy(query.as_string(None)) as rows:
        for row in rows:
            write(row)


def copy_in(schema_name: str, table: Table, parts: Iterable[bytes]) -> None:
    """Fill a table with what `copy_out` gave."""
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema_name, table.name), _names(table)
    )
    with wrapper().cursor() as cursor, cursor.copy(query.as_string(None)) as rows:
        for part in parts:
            rows.write(part)


def measured(schema_name: str, table: Table) -> Body:
    """How many rows a table has, and the SHA-256 of all of them: equal sums are equal rows."""
    digest, body = hashlib.sha256(), Body()

    def add(row: Any) -> None:
        digest.update(row)
        body.rows += 1
        body.size += len(row)

    copy_out(schema_name, table, add)
    body.sha256 = digest.hexdigest()
    return body


def sequences_of(schema_name: str) -> dict[str, tuple[int, bool]]:
    """Where each sequence stands, and whether that number was given out."""
    found = {}
    with wrapper().cursor() as cursor:
        cursor.execute(_SEQUENCES, [schema_name])
        for (name,) in cursor.fetchall():
            query = sql.SQL("SELECT last_value, is_called FROM {}")
            cursor.execute(query.format(sql.Identifier(schema_name, name)).as_string(None))
            found[name] = cursor.fetchone()
    return found


def set_sequences(schema_name: str, values: dict[str, tuple[int, bool]]) -> None:
    """Put the sequences where they stood."""
    with wrapper().cursor() as cursor:
        for name, (at, used) in values.items():
            cursor.execute(
                "SELECT setval(%s::regclass, %s, %s)",
                [sql.Identifier(schema_name, name).as_string(None), at, used],
            )


def empty_all(schema_name: str, tables: Sequence[Table]) -> None:
    """Take every row out of tables that were just made."""
    names = [sql.Identifier(schema_name, table.name) for table in tables]
    with wrapper().cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)).as_string(None))


def settle(statements: str) -> None:
    """Run statements in the present transaction."""
    with wrapper().cursor() as cursor:
        cursor.execute(statements)


def _names(table: Table) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(name) for name, _ in table.columns)
