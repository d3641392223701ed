"""Noting that somebody looked for a mentor."""

from datetime import date
from uuid import UUID

from django.db import connection

from core.insights.models import Searcher
from core.kernel.ids import new_id


def note_search(person_id: UUID, on: date) -> None:
    """Note that somebody searched on a day; a further time on the same day changes nothing."""
    table = connection.ops.quote_name(Searcher._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS held (id, person_id, first_on, last_on, days) "  # noqa: S608 - our own table's name
            "VALUES (%s, %s, %s, %s, 1) ON CONFLICT (person_id) DO UPDATE "
            "SET last_on = excluded.last_on, days = held.days + 1 "
            "WHERE held.last_on < excluded.last_on",
            [new_id(), person_id, on, on],
        )
