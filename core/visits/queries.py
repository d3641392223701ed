"""Reads of the numbers."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from core.visits.models import DailyVisits
from core.visits.rules import Kind


@dataclass(frozen=True)
class Monthly:
    """Visits by the first day of their month and by kind; months without a visit are not there.

    `first_day` is the first on which anything was ever counted, whatever was asked for.
    """

    first_day: date | None
    months: dict[date, dict[Kind, int]]


def by_month(*, since: date, until: date) -> Monthly:
    """Visits from `since` to before `until`. One statement, read by the index of days."""
    table = connection.ops.quote_name(DailyVisits._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT min(day) FROM {table}), month, kind, total "  # noqa: S608 - our own table's name
            "FROM (SELECT) AS always LEFT JOIN ("
            " SELECT date_trunc('month', day)::date AS month, kind, sum(count) AS total"
            f" FROM {table} WHERE day >= %s AND day < %s GROUP BY 1, 2"
            ") AS counted ON true ORDER BY month, kind",
            [since, until],
        )
        rows = cursor.fetchall()
    months: dict[date, dict[Kind, int]] = {}
    for _, month, kind, total in rows:
        if month is not None:
            months.setdefault(month, {})[Kind(kind)] = int(total)
    return Monthly(rows[0][0], months)
