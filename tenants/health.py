"""The figures of all institutes, gathered by the clock into one row each.

Lists read the rows: no request ever walks through schemas. A schema that cannot be read (missing,
or behind so far that a column is not there) is named, and costs the others nothing. Figures are
sums: nothing about anybody leaves an institute's schema.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.files.storage import default_storage
from django.db import Error as DatabaseError
from django.db import transaction
from psycopg import sql

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import OutboxMail
from core.visits.models import DailyVisits
from tenants.context import platform_scope, tenant_context, wrapper
from tenants.models import Institute, State
from tenants.standing import Snapshot
from tenants.upgrade import missing_in

DAYS = 30
FILES_EVERY = timedelta(hours=6)
_AT_ONCE = 50
Lacks = frozenset[tuple[str, str]] | None
_TABLES = tuple(model._meta.db_table for model in (Person, OutboxMail, DailyVisits))
_ONE = """
SELECT {name},
 (SELECT count(*) FROM {schema}.{person} WHERE is_active),
 (SELECT array_agg(ARRAY[day::text, total::text]) FROM (SELECT day, sum(count) AS total
   FROM {schema}.{visits} WHERE day > {since} AND day <= {today} GROUP BY day) AS days),
 (SELECT array[count(*) FILTER (WHERE state IN ('queued', 'sending')),
   count(*) FILTER (WHERE state = 'failed')] FROM {schema}.{mail} WHERE state <> 'sent'),
 (SELECT min(due_at) FROM {schema}.{mail} WHERE state IN ('queued', 'sending')),
 (SELECT max(sent_at) FROM {schema}.{mail})
"""


@dataclass
class Figures:
    """What one schema told."""

    members: int = 0
    visits: dict[date, int] = field(default_factory=dict)
    queued: int = 0
    failed: int = 0
    waits_since: datetime | None = None
    sent_at: datetime | None = None
    problem: str = ""


def take_snapshots(institutes: Sequence[Institute] | None = None, *, files: bool = False) -> int:
    """Gather the figures of some institutes, or of all that are not deleted.

    In: `files` weighs the files at once; else they are weighed every six hours. Out: how many
    rows were written.
    """
    if institutes is None:
        with platform_scope():
            institutes = list(Institute.objects.exclude(state=State.DELETED))
    at = now()
    sizes, missing, figures = figures_of(institutes, at)
    weighed = _weighed(institutes, at, at_once=files)
    rows = []
    for institute in institutes:
        name = institute.schema_name
        found = figures.get(name, Figures())
        days = _days(found.visits, at.date())
        rows.append(
            Snapshot(
                institute=institute,
                taken_at=at,
                has_schema=missing[name] is not None,
                schema_bytes=sizes.get(name, 0),
                members=found.members,
                visits=sum(days[DAYS:]),
                visits_before=sum(days[:DAYS]),
                visit_days=days[DAYS:],
                mails_queued=found.queued,
                mails_failed=found.failed,
                mail_waits_since=found.waits_since,
                mail_sent_at=found.sent_at,
                behind=sorted(f"{app}.{key}" for app, key in missing[name] or ()),
                problem=found.problem,
                **weighed.get(institute.pk, {}),
            )
        )
    _write([row for row in rows if row.institute_id not in weighed], files=False)
    _write([row for row in rows if row.institute_id in weighed], files=True)
    return len(rows)


def figures_of(
    institutes: Sequence[Institute], at: datetime | None = None
) -> tuple[dict[str, int], dict[str, Lacks], dict[str, Figures]]:
    """Bytes, missing migrations and sums of each schema: a fixed number of queries a fifty."""
    schemas = [institute.schema_name for institute in institutes]
    return _sizes(schemas), missing_in(schemas), _figures(schemas, (at or now()).date())


def _write(rows: list[Snapshot], *, files: bool) -> None:
    fields = [one.name for one in Snapshot._meta.concrete_fields]
    weights = {"files_bytes", "files_count", "files_at"}
    kept = [
        name
        for name in fields
        if name not in {"id", "institute"} and (files or name not in weights)
    ]
    with platform_scope():
        Snapshot.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["institute"], update_fields=kept
        )


def _sizes(schemas: list[str]) -> dict[str, int]:
    with platform_scope(), wrapper().cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, sum(pg_total_relation_size(c.oid))::bigint"
            " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'm') AND n.nspname = ANY(%s) GROUP BY 1",
            [schemas],
        )
        return dict(cursor.fetchall())


def _figures(schemas: list[str], today: date) -> dict[str, Figures]:
    with platform_scope(), wrapper().cursor() as cursor:
        cursor.execute(
            "SELECT schemaname FROM pg_catalog.pg_tables WHERE schemaname = ANY(%s)"
            " AND tablename = ANY(%s) GROUP BY schemaname HAVING count(*) = %s",
            [schemas, list(_TABLES), len(_TABLES)],
        )
        there = sorted(name for (name,) in cursor.fetchall())
    found: dict[str, Figures] = {}
    for start in range(0, len(there), _AT_ONCE):
        some = there[start : start + _AT_ONCE]
        try:
            found |= _asked(some, today)
        except DatabaseError:  # one of them lacks a column: the others still tell
            for name in some:
                try:
                    found |= _asked([name], today)
                except DatabaseError as problem:
                    sentence = str(problem).strip().splitlines()[0][:300]
                    found[name] = Figures(problem=sentence)
    return found


def _asked(schemas: list[str], today: date) -> dict[str, Figures]:
    person, mail, visits = _TABLES
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL(_ONE).format(
            name=sql.Literal(name),
            schema=sql.Identifier(name),
            person=sql.Identifier(person),
            mail=sql.Identifier(mail),
            visits=sql.Identifier(visits),
            since=sql.Literal(today - timedelta(days=2 * DAYS)),
            today=sql.Literal(today),
        )
        for name in schemas
    )
    with platform_scope(), transaction.atomic(), wrapper().cursor() as cursor:
        cursor.execute(asked.as_string(None))
        rows = cursor.fetchall()
    return {
        name: Figures(
            members=members,
            visits={date.fromisoformat(day): int(total) for day, total in visited or ()},
            queued=queued,
            failed=failed,
            waits_since=waits_since,
            sent_at=sent_at,
        )
        for name, members, visited, (queued, failed), waits_since, sent_at in rows
    }


def _days(visits: dict[date, int], today: date) -> list[int]:
    """Visits of each of the last sixty days, the oldest first."""
    span = range(2 * DAYS - 1, -1, -1)
    return [visits.get(today - timedelta(days=back), 0) for back in span]


def _weighed(
    institutes: Sequence[Institute], at: datetime, *, at_once: bool
) -> dict[object, dict[str, object]]:
    with platform_scope():
        lately = Snapshot.objects.filter(files_at__gt=at - FILES_EVERY)
        fresh = set() if at_once else set(lately.values_list("institute", flat=True))
    found: dict[object, dict[str, object]] = {}
    for institute in institutes:
        if institute.pk in fresh:
            continue
        try:
            with tenant_context(institute):
                sizes = list(_file_sizes())
        except OSError:  # the storage is away: the figures of last time stay
            continue
        found[institute.pk] = {
            "files_bytes": sum(sizes), "files_count": len(sizes), "files_at": at,
        }  # fmt: skip
    return found


def _file_sizes() -> Iterator[int]:
    """Sizes of the files of the institute in force, from either kind of storage."""
    return iter(default_storage.sizes())  # type: ignore[attr-defined]
