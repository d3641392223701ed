"""The rows of the map as they are handed out to the person whom they are about (product A12).

Beside the fields of a row stands what it cannot be understood without: "with" names the partners,
"beside" the title of what it belongs to, "asked" the questions whose keys are in the answers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from django.db.models import Field, QuerySet
from django.utils.text import get_valid_filename

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.jobs import OPEN
from core.kernel.models import Job
from core.kernel.personal import Asked, Form, Kept, Kind
from core.privacy.models import Export
from core.programme.models import Edition
from core.programme.queries import placeholders
from core.programme.rules import expand

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

    def others(self, keys: Iterable[Any]) -> list[dict[str, Any]]:
        """Those of these people who are not the reader, each once."""
        known = dict.fromkeys(key for key in keys if isinstance(key, UUID))
        return [self.of(key) for key in known if key not in self.mine]

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
    saying = _Saying(kept, names)
    chunk: list[dict[str, Any]] = []
    rows = rows_given(kept, names.own).values(*sorted(saying.wanted))
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from saying.of(chunk)
            chunk = []
    yield from saying.of(chunk)


def file_of(kept: Kept, row: Mapping[str, Any], stored_as: str) -> str:
    """Where a file stands in the zip."""
    name = row.get("name") or row.get("file_name") or ""
    ending = PurePath(stored_as).suffix
    plain = get_valid_filename(PurePath(str(name)).stem or "file")[:60]
    return f"files/{kept.label}/{row['id']}-{plain}{ending}"


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


class _Saying:
    """How the rows of one entry are said; the words of a form are read once."""

    def __init__(self, kept: Kept, names: Names) -> None:
        self.kept, self.names = kept, names
        self.columns = columns_of(kept)
        self.read: dict[tuple[str, UUID | None, str], Asked] = {}
        self.documents: dict[UUID, Mapping[str, Any]] = {}
        forms = kept.forms.values()
        self.editions = {form.edition: f"{form.edition}_id" for form in forms if form.edition}
        self.wanted = {column.read for column in self.columns}
        self.wanted |= {column.only_of for column in self.columns if column.only_of}
        self.wanted |= {*kept.beside.values(), *kept.partners, *self.editions.values()}
        self.wanted |= {form.within for form in forms if form.within}

    @cached_property
    def nouns(self) -> dict[str, str]:
        """What placeholders in the institute's texts stand for."""
        return placeholders()

    def of(self, chunk: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """These rows, with at most one question for names and one for forms."""
        people = [column.read for column in self.columns if column.is_person]
        people += self.kept.partners
        self.names.learn({row[key] for row in chunk for key in people if row[key]})
        self._learn_forms(chunk)
        for row in chunk:
            said = {}
            for column in self.columns:
                if column.only_of and row[column.only_of] not in self.names.mine:
                    continue
                value = row[column.read]
                if column.is_person and isinstance(value, UUID):
                    value = self.names.of(value)
                said[column.name] = value
            if partners := self.names.others(row[path] for path in self.kept.partners):
                said["with"] = partners
            if self.kept.beside:
                said["beside"] = {
                    label: self._worded(row[path]) for label, path in self.kept.beside.items()
                }
            if asked := self._asked(row):
                said["asked"] = asked
            yield said

    def _worded(self, value: Any) -> Any:
        return expand(value, self.nouns) if isinstance(value, str) else value

    def _learn_forms(self, chunk: list[dict[str, Any]]) -> None:
        missing = {row[path] for path in self.editions.values() for row in chunk}
        missing -= {None, *self.documents}
        if missing:
            found = Edition.objects.filter(pk__in=missing).values_list("pk", "document")
            self.documents |= dict(found)

    def _asked(self, row: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """By field and key: the label, and the labels of the options that were chosen."""
        told: dict[str, dict[str, Any]] = {}
        for field_name, form in self.kept.forms.items():
            value = row[field_name]
            answers = value if isinstance(value, dict) else {str(value): None}
            words = self._words(field_name, form, row)
            told[field_name] = {
                key: {"label": words.labels[key], **_chosen(words.options.get(key, {}), answer)}
                for key, answer in answers.items()
                if key in words.labels
            }
        return {name: one for name, one in told.items() if one}

    def _words(self, field_name: str, form: Form, row: Mapping[str, Any]) -> Asked:
        edition = row[self.editions[form.edition]] if form.edition else None
        place = (field_name, edition, str(row[form.within]) if form.within else "")
        if place not in self.read:
            self.read[place] = self._understood(form, edition, place[2])
        return self.read[place]

    def _understood(self, form: Form, edition: UUID | None, within: str) -> Asked:
        """The words of a form; none where its edition is gone or of a shape of long ago."""
        if form.edition and edition not in self.documents:
            return Asked({})
        try:
            read = form.read(self.documents[edition] if edition else {}, within)
        except ValueError:
            return Asked({})
        labels = {key: expand(label, self.nouns) for key, label in read.labels.items()}
        return Asked(labels, read.options)


def _chosen(options: Mapping[str, str], answer: Any) -> dict[str, dict[str, str]]:
    picked = answer if isinstance(answer, list) else [answer]
    chosen = {str(one): options[str(one)] for one in picked if str(one) in options}
    return {"options": chosen} if chosen else {}


def _attname(kept: Kept, path: str) -> str:
    return cast("Field[Any, Any]", kept.model._meta.get_field(path)).attname if path else ""


def _label(one: "Field[Any, Any]") -> str:
    name = str(one.verbose_name)
    return name[:1].upper() + name[1:]
