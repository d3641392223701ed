"""What operators see of the institutes: numbers about all of them, and mails of one."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from psycopg import sql

from core.accounts.models import Person
from core.kernel.models import MailState, OutboxMail
from tenants.bundles.reading import shipped_names
from tenants.context import platform_scope
from tenants.models import Domain, Institute, ProvisionRun, State
from tenants.site import base_url
from tenants.upgrade import are_current

PER_PAGE = 25
_WAITING = (MailState.QUEUED.value, MailState.SENDING.value)


@dataclass(frozen=True)
class Row:
    """An institute in the list. Numbers are None where its schema is not there."""

    institute: Institute
    address: str
    addresses: list[Domain]
    people: int | None
    mails_waiting: int | None
    mails_failed: int | None
    is_current: bool | None


def institutes_found(query: str) -> QuerySet[Institute]:
    """Institutes of every state by a part of name, short name or address; to be read in scope."""
    rows = Institute.objects.all()
    if query:
        rows = rows.filter(
            Q(name__icontains=query)
            | Q(slug__icontains=query)
            | Q(pk__in=Domain.objects.filter(domain__icontains=query).values("institute"))
        )
    return rows.order_by("kind", "slug")


def rows_of(institutes: list[Institute]) -> list[Row]:
    """The rows of one page of the list, with a fixed number of queries for any number of rows."""
    schemas = [institute.schema_name for institute in institutes]
    with platform_scope():
        domains: dict[UUID, list[Domain]] = {}
        for domain in Domain.objects.filter(institute__in=institutes):
            domains.setdefault(domain.institute_id, []).append(domain)
        counted = _counts(schemas)
    current = are_current(schemas)
    rows = []
    for institute in institutes:
        people, waiting, failed = counted.get(institute.schema_name, (None, None, None))
        own = domains.get(institute.pk, [])
        rows.append(
            Row(
                institute=institute,
                address=_address(institute, own),
                addresses=own,
                people=people,
                mails_waiting=waiting,
                mails_failed=failed,
                is_current=current[institute.schema_name],
            )
        )
    return rows


def _address(institute: Institute, domains: list[Domain]) -> str:
    has_primary = any(domain.is_primary for domain in domains)
    return base_url(institute) if has_primary and institute.state == State.ACTIVE else ""


def _counts(schemas: list[str]) -> dict[str, tuple[int, int, int]]:
    """People who may sign in, mails that wait and mails given up, a schema: one statement."""
    person, mail = Person._meta.db_table, OutboxMail._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname FROM pg_catalog.pg_tables WHERE schemaname = ANY(%s)"
            " AND tablename IN (%s, %s) GROUP BY schemaname HAVING count(*) = 2",
            [schemas, person, mail],
        )
        there = [name for (name,) in cursor.fetchall()]
        if not there:
            return {}
        asked = [
            sql.SQL(
                "SELECT {name}, (SELECT count(*) FROM {schema}.{person} WHERE is_active),"
                " count(*) FILTER (WHERE state IN ({queued}, {sending})),"
                " count(*) FILTER (WHERE state = {failed}) FROM {schema}.{mail}"
            ).format(
                name=sql.Literal(name),
                schema=sql.Identifier(name),
                person=sql.Identifier(person),
                mail=sql.Identifier(mail),
                queued=sql.Literal(_WAITING[0]),
                sending=sql.Literal(_WAITING[1]),
                failed=sql.Literal(MailState.FAILED.value),
            )
            for name in there
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(asked).as_string(None))
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}


def institute_called(slug: str) -> Institute | None:
    """The institute with a short name, in any state but deleted."""
    with platform_scope():
        return Institute.objects.exclude(state=State.DELETED).filter(slug=slug).first()


def bundles() -> list[str]:
    """Names of the shipped bundles."""
    return shipped_names()


def run_with(run_id: UUID) -> ProvisionRun | None:
    """A provisioning run."""
    with platform_scope():
        return ProvisionRun.objects.filter(pk=run_id).first()


def last_runs(count: int = 5) -> list[ProvisionRun]:
    """The newest provisioning runs."""
    with platform_scope():
        return list(ProvisionRun.objects.all()[:count])


def mails_found(query: str) -> QuerySet[OutboxMail]:
    """Mails of the institute in force, newest first, without their bodies."""
    rows = OutboxMail.objects.defer("text", "html")
    if query:
        rows = rows.filter(
            Q(to_address__icontains=query)
            | Q(to_name__icontains=query)
            | Q(subject__icontains=query)
        )
    return rows.order_by("-created_at", "-id")
