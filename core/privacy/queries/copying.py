"""The rows of the map as they are handed out to the person whom they are about (product A12)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from django.db.models import Field, QuerySet
from django.utils.text import get_valid_filename

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.jobs import OPEN
from core.kernel.models import Job
from core.kernel.personal import Kept, Kind
from core.privacy.models import Export
from core.profiles.models import Field as Question

KIND = "privacy.copy"
CHUNK = 500
NEVER_GIVEN = frozenset({Kind.SECRET})


@dataclass(frozen=True)
class Column:
    """A field that is handed out. read: the name of the value in a row of the database."""

    name: str
    read: str
    label: str
    kind: Kind | None
    choices: Mapping[Any, str]
    is_person: bool
    only_of: str = ""


@dataclass
class Names:
    """Whose key is whose name, asked for in bulk and remembered; own: the reader's accounts."""

    own: Sequence[Person]
    known: dict[UUID, str] = field(default_factory=dict)

    @property
    def mine(self) -> set[UUID]:
        """The keys of the reader."""
        return {one.pk for one in self.own}

    def learn(self, keys: set[UUID]) -> None:
        """Ask for those that are not known yet, at once."""
        missing = keys - set(self.known) - self.mine
        if missing:
            for one in Person.objects.filter(pk__in=missing):
                self.known[one.pk] = one.full_name

    def of(self, key: UUID) -> dict[str, Any]:
        """A person in the file: oneself, or somebody with a name."""
        if key in self.mine:
            return {"id": key, "you": True}
        return {"id": key, "name": self.known.get(key, "Somebody who is not here any more")}


def columns_of(kept: Kept) -> tuple[Column, ...]:
    """What of an entry is handed out: no secrets, nothing withheld, no keys of unseen people."""
    columns = []
    for one in kept.model._meta.local_fields:
        kind = kept.fields.get(one.name)
        if kind in NEVER_GIVEN or one.name in kept.withheld or one.name in kept.unseen:
            continue
        is_person = one.name in (*kept.people, *kept.named) and not one.primary_key
        columns.append(
            Column(
                name=one.name,
                read=one.attname,
                label=_label(one),
                kind=kind,
                choices=dict(one.flatchoices),
                is_person=is_person,
                only_of=_attname(kept, kept.belongs.get(one.name, "")),
            )
        )
    return tuple(columns)


def rows_given(kept: Kept, people: Sequence[Person]) -> QuerySet[Any]:
    """The rows of an entry that are handed out, oldest first."""
    rows = personal.rows_of(kept, *people)
    if kept.shown is not None:
        rows = rows.filter(kept.shown)
    return rows.order_by("pk")


def given(kept: Kept, names: Names) -> Iterator[dict[str, Any]]:
    """Each row as it is handed out: one question for the rows, one a chunk for new names."""
    columns = columns_of(kept)
    wanted = {column.read for column in columns} | {c.only_of for c in columns if c.only_of}
    chunk: list[dict[str, Any]] = []
    for row in rows_given(kept, names.own).values(*sorted(wanted)).iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _said(chunk, columns, names)
            chunk = []
    yield from _said(chunk, columns, names)


def file_of(kept: Kept, row: Mapping[str, Any], stored_as: str) -> str:
    """Where a file stands in the zip."""
    name = row.get("name") or row.get("file_name") or ""
    ending = PurePath(stored_as).suffix
    plain = get_valid_filename(PurePath(str(name)).stem or "file")[:60]
    return f"files/{kept.label}/{row['id']}-{plain}{ending}"


def questions() -> dict[str, Question]:
    """The questions of the profile form by their key."""
    return {one.key: one for one in Question.objects.prefetch_related("options")}


def under_way(person: Person) -> Job | None:
    """The work on a copy for this person, whoever ordered it."""
    return _jobs(person).filter(state__in=OPEN).first()


def latest_job(person: Person) -> Job | None:
    """The last work on a copy for this person."""
    return _jobs(person).first()


def copy_of(person: Person) -> Export | None:
    """The copy that waits to be fetched."""
    return Export.objects.filter(person=person).first()


def _jobs(person: Person) -> QuerySet[Job]:
    return Job.objects.filter(kind=KIND, about={"person": str(person.pk)}).order_by("-created_at")


def _said(
    chunk: list[dict[str, Any]], columns: tuple[Column, ...], names: Names
) -> Iterator[dict[str, Any]]:
    keyed = [column.read for column in columns if column.is_person]
    names.learn({row[key] for row in chunk for key in keyed if isinstance(row[key], UUID)})
    for row in chunk:
        said = {}
        for column in columns:
            if column.only_of and row[column.only_of] not in names.mine:
                continue
            value = row[column.read]
            if column.is_person and isinstance(value, UUID):
                value = names.of(value)
            said[column.name] = value
        yield said


def _attname(kept: Kept, path: str) -> str:
    return cast("Field[Any, Any]", kept.model._meta.get_field(path)).attname if path else ""


def _label(one: "Field[Any, Any]") -> str:
    name = str(one.verbose_name)
    return name[:1].upper() + name[1:]
