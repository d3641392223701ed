"""What the PDF of a copy says: rows of the map as people read them (product A12)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.personal import Kept, Kind
from core.privacy.queries import copying
from core.programme.queries import current

LONGEST = 2_000_000
"""Letters in one PDF: beyond it the rest is in data.json alone."""
SHORT = 80
SAID = {Kind.IDENTITY, Kind.CONTACT, Kind.CHOICES, Kind.ACTIVITY, Kind.WORDS}
"""Kinds that are printed; technical marks and files are in data.json and beside it."""


@dataclass
class Table:
    """One table as it is printed."""

    title: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    left_out: int = 0


class Booklet:
    """Gathers rows as they go by, table by table."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.zone = ZoneInfo(person.time_zone)
        self.letters = 0
        self.groups: dict[str, list[Table]] = {}
        self._columns: tuple[copying.Column, ...] = ()
        self._kept: Kept | None = None
        self._questions = copying.questions()

    def begin(self, kept: Kept, title: str) -> None:
        """The rows that follow belong to this entry of the map."""
        self._kept, self._columns = kept, copying.columns_of(kept)
        self.groups.setdefault(kept.group.value, []).append(Table(title))

    def add(self, row: dict[str, Any]) -> None:
        """One row, as it is handed out."""
        assert self._kept is not None
        table = self.groups[self._kept.group.value][-1]
        if self.letters > LONGEST:
            table.left_out += 1
            return
        facts: list[list[str]] = []
        texts: list[list[str]] = []
        for label, said, is_text in self._pieces(row):
            (texts if is_text and (len(said) > SHORT or "\n" in said) else facts).append(
                [label, said]
            )
            self.letters += len(label) + len(said)
        if facts or texts:
            table.entries.append({"facts": facts, "texts": texts})

    def data(self) -> dict[str, Any]:
        """What the template prints."""
        return {
            "title": f"What is stored about {self.person.full_name}",
            "made": f"Made on {self._day(now())} by {current().programme_name}.",
            "groups": [
                {
                    "name": name,
                    "tables": [
                        {"title": one.title, "entries": one.entries, "left_out": one.left_out}
                        for one in tables
                    ],
                }
                for name, tables in self.groups.items()
            ],
        }

    def _pieces(self, row: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
        for column in self._columns:
            value = row.get(column.name)
            if value in (None, "", [], {}):
                continue
            if column.name == "staff_role" and not row.get("is_staff", True):
                continue  # what they would be on the team, which they are not on
            if column.is_person:
                if isinstance(value, dict):
                    yield column.label, "You" if value.get("you") else value["name"], False
            elif column.kind in SAID:
                if isinstance(value, dict):
                    yield from self._parts(value)
                else:
                    said = self._said(column.choices.get(value, value) if _plain(value) else value)
                    if said:
                        yield column.label, said, column.kind is Kind.WORDS

    def _parts(self, value: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
        for key, one in value.items():
            question = self._questions.get(key) if self._is_profile else None
            if question is not None:
                labels = {option.key: option.label for option in question.options.all()}
                listed = one if isinstance(one, list) else [one]
                said = ", ".join(labels.get(each, self._said(each)) for each in listed)
                yield question.label, said, True
            elif said := self._said(one):
                yield _words(key), said, True

    @property
    def _is_profile(self) -> bool:
        return self._kept is not None and self._kept.label == "profiles.Profile"

    def _said(self, value: Any) -> str:
        match value:
            case None:
                return ""
            case bool():
                return "Yes" if value else "No"
            case datetime():
                return f"{self._day(value)}, {value.astimezone(self.zone):%H:%M}"
            case date():
                return f"{value.day} {value:%B %Y}"
            case dict():
                pairs = ((_words(key), self._said(one)) for key, one in value.items())
                return "; ".join(f"{key}: {said}" for key, said in pairs if said)
            case list() | tuple():
                return "\n".join(said for one in value if (said := self._said(one)))
        return str(value)

    def _day(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{local.day} {local:%B %Y}"


def _words(key: str) -> str:
    plain = str(key).replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def _plain(value: Any) -> bool:
    return isinstance(value, str | int)
