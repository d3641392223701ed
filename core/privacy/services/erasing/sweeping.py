"""Looks through every text of every table of the institute for marks, and puts others there.

The rules of the data map say what becomes of a person's own rows. What others wrote, and what
machinery noted, is found here by what it says, so that a column nobody thought of is swept too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import LiteralString

from django.db import connection
from psycopg import sql

from core.privacy.rules import FORMER, GONE
from core.privacy.services.erasing.identity import Identity

LEFT = frozenset({"kernel_outboxmail", "django_migrations", "django_content_type"})
"""Tables that are not swept: mails have a rule of their own, others hold names of models."""
SETTINGS = "programme_programme"
"""Names and addresses of the programme itself: mails are sent by them."""
ANY_LENGTH = 2**31 - 1
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
       CASE WHEN a.atttypid = 'varchar'::regtype AND a.atttypmod > 4 THEN a.atttypmod - 4 END
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a
  ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
  AND format_type(a.atttypid, NULL)
      IN ('text', 'character varying', 'jsonb', 'text[]', 'character varying[]')
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Column:
    """A column that can hold words."""

    table: str
    name: str
    type: LiteralString
    longest: int | None


def columns() -> Iterator[Column]:
    """Every column of the schema in force that can hold words, of tables without a model too."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        yield from (Column(*row) for row in cursor.fetchall())


def sweep(who: Identity) -> dict[str, int]:
    """Put "A former member" for names and "(removed)" for the rest; out: rows by table.

    The settings of the programme are left (see `named_in_settings`).
    """
    steps = [
        (who.pattern(marks), said)
        for marks, said in ((who.marks, GONE), (who.names, FORMER))
        if marks
    ]
    changed: dict[str, int] = {}
    swept = [one for one in columns() if one.table not in LEFT and one.table != SETTINGS]
    for column in saying(swept, who.everything) if steps else ():
        for pattern, said in steps:
            if count := _replace(column, pattern, said):
                changed[column.table] = changed.get(column.table, 0) + count
    return changed


def named_in_settings(who: Identity) -> bool:
    """Whether a mark stands among the programme's own names and addresses."""
    settings = [one for one in columns() if one.table == SETTINGS]
    return bool(who.everything) and any(saying(settings, who.everything))


def saying(among: Iterable[Column], pattern: str) -> Iterator[Column]:
    """The columns in which some row fits a pattern: each table is read once."""
    for table, own in groupby(among, key=attrgetter("table")):
        there = list(own)
        says = sql.SQL(", ").join(
            sql.SQL("coalesce(bool_or({}::text ~* %s), false)").format(sql.Identifier(one.name))
            for one in there
        )
        query = sql.SQL("SELECT {} FROM {}").format(says, sql.Identifier(table))
        with connection.cursor() as cursor:
            cursor.execute(query.as_string(None), [pattern] * len(there))
            row = cursor.fetchone() or ()
        yield from (one for one, is_there in zip(there, row, strict=True) if is_there)


def _replace(column: Column, pattern: str, said: str) -> int:
    query = sql.SQL(
        "UPDATE {table} SET {column} = "
        "left(regexp_replace({column}::text, %s, %s, 'gi'), {longest})::{type} "
        "WHERE {column}::text ~* %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(_named(query, column), [pattern, said, pattern])
        return int(cursor.rowcount)


def _named(query: sql.SQL, column: Column) -> str:
    return query.format(
        table=sql.Identifier(column.table),
        column=sql.Identifier(column.name),
        longest=sql.Literal(column.longest or ANY_LENGTH),
        type=sql.SQL(column.type),
    ).as_string(None)
