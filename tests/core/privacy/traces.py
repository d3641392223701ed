"""Rows and files about one person with a mark in every text, and where the mark is found."""

from collections.abc import Iterator
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import UUIDField

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.models import AuditEntry, OutboxMail
from core.kernel.personal import Kept, Kind
from core.messaging.models import Report
from core.messaging.models.reports import ReportState
from core.privacy.queries.erasing import accounts_of
from core.privacy.services.erasing.sweeping import columns, found
from tests.isolation import canaries

MARK = "canaryerased"
# A hold would stop what is tried; a request is made by asking.
LEFT = frozenset({"privacy.LegalHold", "privacy.ErasureRequest"})


def fill_about() -> Person:
    """A row in every table that is about people, marked, with files; out: whom all are about.

    Rows want different people in them, so these are accounts merged into one.
    """
    member = canaries.person(MARK, phone="07700 900 456", is_mentee=True)
    about = [one for one in personal.everything() if one.about_people and one.label not in LEFT]
    for kept in about:
        _fill(kept)
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
    """Columns in which the mark is found, of tables that are not the institute's own texts."""
    texts = {one.model._meta.db_table for one in personal.everything() if not one.about_people}
    return {
        f"{one.table}.{one.name}"
        for one in columns()
        if one.table not in texts and found(one, mark)
    }


def files_with(mark: str) -> set[str]:
    """Files of the institute that hold the mark."""
    return {name for name in _names("") if mark.encode() in default_storage.open(name).read()}


def _fill(kept: Kept) -> None:
    label, model = kept.label, kept.model
    if model._base_manager.exists():
        return
    make: Any = canaries.RECIPES.get(label, lambda text: canaries.made(model, text))
    make(MARK)


def _point(kept: Kept, member: Person) -> None:
    """Keys of people that are no foreign keys lead to the member."""
    for path in kept.people:
        field = None if "__" in path or path == "pk" else kept.model._meta.get_field(path)
        if isinstance(field, UUIDField) and not field.is_relation:
            kept.model._base_manager.update(**{path: member.pk})


def _mark(kept: Kept, people: list[Person]) -> None:
    keys = {
        key for one in people for key in personal.rows_of(kept, one).values_list("pk", flat=True)
    }
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
