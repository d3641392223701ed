"""Files of people: CSV that no spreadsheet runs, and XLSX, in the same memory at any size (F4)."""

import csv
from collections.abc import Callable, Iterator, Sequence
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Any
from uuid import UUID

import xlsxwriter  # type: ignore[import-untyped]
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.errors import RuleBroken
from core.kernel.jobs import Tell
from core.kernel.sheets import safe_cell
from core.people.models import Export
from core.people.permissions import may_change_people
from core.people.queries.fields import fields
from core.people.queries.finding import found, headings
from core.people.rules.finding import Wanted
from core.profiles.models import Field, Profile
from core.profiles.rules import Kind

CHUNK = 1000
LONGEST_CELL = 32_000
IN_MEMORY = 2_000_000
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@transaction.atomic
def at_once(
    wanted: Wanted, columns: Sequence[str], file_format: str, *, by: Person
) -> tuple[IO[bytes], int]:
    """A file of the people found, at its beginning, and how many they are; told in the trail."""
    keys = list(found(wanted).values_list("pk", flat=True))
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the answer
    _write(file, keys, columns, file_format, lambda done, total: None)
    _record(by, by, wanted, columns, file_format, len(keys))
    return file, len(keys)


@transaction.atomic
def order(wanted: Wanted, columns: Sequence[str], file_format: str, *, by: Person) -> Export:
    """Write down what a job shall export."""
    return Export.objects.create(
        owner=by, file_format=file_format, wanted=wanted.model_dump(), columns=list(columns)
    )


def make(export_id: UUID, tell: Tell) -> str:
    """Write an ordered file into the storage. Within the job's transaction."""
    export = Export.objects.select_for_update().filter(pk=export_id).first()
    if export is None:
        raise RuleBroken("This export is not kept any more. Order it again.")
    if not may_change_people(export.owner):
        raise RuleBroken("Your role on the team no longer lets you export people.")
    wanted = Wanted.model_validate(export.wanted)
    keys = list(found(wanted).values_list("pk", flat=True))
    with TemporaryFile() as file:
        _write(file, keys, export.columns, export.file_format, tell)
        export.stored_as = default_storage.save(f"exports/people.{export.file_format}", File(file))
    export.count = len(keys)
    export.save(update_fields=["stored_as", "count"])
    _record(export, export.owner, wanted, export.columns, export.file_format, len(keys))
    many = "person is" if len(keys) == 1 else "people are"
    return f"{len(keys):,} {many} in the file."


def _record(
    thing: Any, by: Person, wanted: Wanted, columns: Sequence[str], file_format: str, count: int
) -> None:
    audit.record(
        "people.exported", thing=thing, by=by, count=count, format=file_format,
        columns=list(columns), **{k: v for k, v in wanted.model_dump().items() if v},
    )  # fmt: skip


def _write(
    file: IO[bytes], keys: Sequence[UUID], columns: Sequence[str], file_format: str, tell: Tell
) -> None:
    write = _write_xlsx if file_format == "xlsx" else _write_csv
    write(file, headings(columns), _rows(keys, columns, tell))
    file.seek(0)


def _write_csv(file: IO[bytes], header: list[str], rows: Iterator[list[Any]]) -> None:
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    text.detach()


def _write_xlsx(file: IO[bytes], header: list[str], rows: Iterator[list[Any]]) -> None:
    """Every text as text: nothing in it is a formula, a link or a number."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet("People")
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(header) - 1), 22)
    for place, cell in enumerate(header):
        sheet.write_string(0, place, cell, bold)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, _fit(str(cell)))
    book.close()


def _fit(text: str) -> str:
    """No more than a cell of a workbook holds, without what XML cannot say."""
    plain = "".join(one for one in text if one.isprintable() or one in "\n\t")
    return plain if len(plain) <= LONGEST_CELL else f"{plain[: LONGEST_CELL - 1]}…"


def _rows(keys: Sequence[UUID], columns: Sequence[str], tell: Tell) -> Iterator[list[Any]]:
    cells = [_cell_of(name) for name in columns]
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        people = Person.objects.in_bulk(chunk)
        profiles: dict[UUID, dict[str, Profile]] = {}
        for profile in Profile.objects.filter(person__in=chunk):
            profiles.setdefault(profile.person_id, {})[profile.role] = profile
        for key in chunk:
            if key in people:
                held = profiles.get(key, {})
                yield [cell(people[key], held) for cell in cells]
        tell(min(start + CHUNK, len(keys)), len(keys))


Cell = Callable[[Person, dict[str, Profile]], Any]


def _cell_of(name: str) -> Cell:
    """How a column's cell is read from a person and their profiles."""
    role, is_answer, key = name.partition(":")
    if is_answer:
        field = next((one for one in fields() if one.key == key), None)
        say = _saying(field) if field is not None else lambda answer: ""
        return lambda person, held: (
            say(held[role].answers.get(key)) if role in held and role in person.roles else ""
        )
    return {
        "roles": lambda person, held: " and ".join(person.roles),
        "capacity": lambda person, held: _capacity(person, held),
        "state": lambda person, held: "open" if person.is_active else "closed",
        "profile": lambda person, held: ", ".join(
            f"{role} {'complete' if role in held and held[role].complete else 'not complete'}"
            for role in person.roles
        ),
        "joined_at": lambda person, held: person.joined_at.date().isoformat(),
        "last_login": lambda person, held: (
            person.last_login.date().isoformat() if person.last_login else ""
        ),
    }.get(name) or (lambda person, held: getattr(person, name))


def _capacity(person: Person, held: dict[str, Profile]) -> Any:
    profile = held.get("mentor") if person.is_mentor else None
    return profile.capacity if profile is not None and profile.capacity is not None else ""


def _saying(field: Field) -> Callable[[Any], Any]:
    """An answer as a file says it, and as an import understands it again."""
    labels = {option.key: option.label for option in field.options.all()}
    between = " | " if any(";" in label for label in labels.values()) else "; "

    def say(answer: Any) -> Any:
        if answer is None:
            return ""
        match Kind(field.kind):
            case Kind.CHOICE:
                return labels.get(answer, answer)
            case Kind.CHOICES:
                return between.join(labels.get(key, key) for key in answer)
            case Kind.BOOLEAN:
                return "yes" if answer else "no"
            case _:
                return answer

    return say
