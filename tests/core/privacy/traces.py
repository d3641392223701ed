"""Rows and files about one person with a mark in every text, and where the mark is found."""

import json
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import UUIDField
from psycopg import sql

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.models import AuditEntry, OutboxMail
from core.kernel.personal import Kept, Kind
from core.messaging.models import Report
from core.messaging.models.reports import ReportState
from core.privacy.queries.erasing import accounts_of
from tenants.context import platform_scope
from tests.isolation import canaries

MARK = "canaryerased"
_COLUMNS = """
SELECT c.relname, a.attname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'm', 'v', 'p')
  AND a.atttypid NOT IN ('uuid'::regtype, 'bool'::regtype, 'timestamptz'::regtype, 'date'::regtype)
ORDER BY 1, 2
"""
OTHERS = 5
# A hold would stop what is tried; a request is made by asking.
LEFT = frozenset({"privacy.LegalHold", "privacy.ErasureRequest"})


def fill_about() -> Person:
    """A row in every table that is about people, marked, with files; out: whom all are about.

    Rows want different people in them, so these are a few accounts merged into one.
    """
    member = canaries.person(MARK, phone="07700 900 456", is_mentee=True)
    people = [member, *(canaries.person(MARK) for _ in range(OTHERS))]
    about = [one for one in personal.everything() if one.about_people and one.label not in LEFT]
    for kept in about:
        _fill(kept, people)
    for kept in about:
        _point(kept, member)
    Person.objects.filter(username__startswith=MARK).exclude(pk=member.pk).update(
        merged_into=member, is_active=False
    )
    Report.objects.update(state=ReportState.RESOLVED)
    AuditEntry.objects.update(actor_id=member.pk, actor_name=member.full_name)
    OutboxMail.objects.update(to_address=member.email)
    for session in Session.objects.all():
        UserSession.objects.update(session_key=session.session_key)
    for kept in about:
        _mark(kept, accounts_of(member))
    member.refresh_from_db()
    return member


def traces_of(mark: str) -> set[str]:
    """Where the mark is found: columns of any kind, sessions by what is in them, the cache, what is
    shared by all institutes. The institute's own texts are left out."""
    texts = {one.model._meta.db_table for one in personal.everything() if not one.about_people}
    here = {name for name in _columns_with(mark) if name.split(".")[0] not in texts}
    with platform_scope():
        shared = {f"shared {name}" for name in _columns_with(mark)}
    sessions = {
        "session of somebody"
        for session in Session.objects.all()
        if mark in json.dumps(session.get_decoded(), ensure_ascii=False).lower()
    }
    return here | shared | sessions | _cached_with(mark)


def files_with(mark: str) -> set[str]:
    """Files of the institute that hold the mark, or are called so; zips by what is in them."""
    return {name for name in _names("") if mark in name.lower() or mark.encode() in _read(name)}


def _columns_with(mark: str) -> set[str]:
    """Columns of the schema in force that say it, whatever their type; one question a table."""
    tables: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column in cursor.fetchall():
            tables.setdefault(table, []).append(column)
        found = set()
        for table, columns in tables.items():
            says = sql.SQL(", ").join(
                sql.SQL("coalesce(bool_or(strpos(lower({}::text), %s) > 0), false)").format(
                    sql.Identifier(column)
                )
                for column in columns
            )
            query = sql.SQL("SELECT {} FROM {}").format(says, sql.Identifier(table))
            cursor.execute(query.as_string(None), [mark] * len(columns))
            row = cursor.fetchone() or ()
            found |= {f"{table}.{one}" for one, is_in in zip(columns, row, strict=True) if is_in}
    return found


def _cached_with(mark: str) -> set[str]:
    store, wanted = cache._cache.get_client(None), mark.encode()  # type: ignore[attr-defined]
    found = set()
    for key in store.scan_iter(match="*"):
        value = store.get(key) if store.type(key) == b"string" else store.dump(key)
        if wanted in key.lower() + (value or b"").lower():
            found.add("cache")
    return found


def _read(name: str) -> bytes:
    stored = default_storage.open(name).read()
    if not stored.startswith(b"PK"):
        return bytes(stored)
    archive = ZipFile(BytesIO(stored))
    return b"".join(archive.read(one) for one in archive.namelist())


def _fill(kept: Kept, people: list[Person]) -> None:
    label, model = kept.label, kept.model
    if model._base_manager.exists():
        return
    make: Any = canaries.RECIPES.get(label, lambda text: canaries.made(model, text))
    turns = cycle(people)
    with patch.object(canaries, "person", lambda mark, **fields: next(turns)):
        make(MARK)


def _point(kept: Kept, member: Person) -> None:
    """Keys of people that are no foreign keys lead to the member."""
    for path in kept.people:
        field = None if "__" in path or path == "pk" else kept.model._meta.get_field(path)
        if isinstance(field, UUIDField) and not field.is_relation:
            kept.model._base_manager.update(**{path: member.pk})


def _mark(kept: Kept, people: list[Person]) -> None:
    keys = set(personal.rows_of(kept, *people).values_list("pk", flat=True))
    rows = kept.model._base_manager.filter(pk__in=keys)
    for field in canaries.text_fields(kept.model):
        if field.name in kept.of_kind(Kind.FILE) or kept.fields.get(field.name) is Kind.NONE:
            continue
        for row in rows:
            old = getattr(row, field.attname)
            new = canaries.marked(old, MARK, field)
            if new != old:
                rows.filter(pk=row.pk).update(**{field.attname: new})
    for name in kept.of_kind(Kind.FILE):
        for row in rows:
            stored = default_storage.save(f"{MARK}/{row.pk}-{name}.txt", ContentFile(MARK))
            rows.filter(pk=row.pk).update(**{name: stored})


def _names(folder: str) -> Iterator[str]:
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" if folder else name for name in files)
    for name in folders:
        yield from _names(f"{folder}/{name}" if folder else name)
