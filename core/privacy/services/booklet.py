"""What the PDF of a copy says: rows of the map as people read them (product A12)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.personal import Kept, Kind
from core.privacy.queries import copying
from core.privacy.queries.stored import Line
from core.programme.queries import current

LONGEST = 2_000_000
"""Letters in one PDF: beyond it the rest is in data.json alone."""
SHORT = 80
SAID = {Kind.IDENTITY, Kind.CONTACT, Kind.CHOICES, Kind.ACTIVITY, Kind.WORDS}
"""Kinds that are printed; technical marks and files are in data.json and beside it."""
ROWS_OF_TABLE, COLUMNS_OF_TABLE, WIDTH_OF_TABLE, WIDTH_OF_CELL = 3, 6, 105, 24
"""Rows are printed as a table from so many on, if their short facts fit across a page."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
Pairs = list[list[str]]


@dataclass
class Table:
    """One table as it is printed: entries below each other, or what two said in turn."""

    title: str
    about: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    talks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    left_out: int = 0

    def printed(self) -> dict[str, Any]:
        """For the template. Short rows stand in a table with a head."""
        heads = list(dict.fromkeys(name for one in self.entries for name, _ in one["facts"]))
        widest = {name: len(name) for name in heads}
        for one in self.entries:
            for name, said in one["facts"]:
                widest[name] = min(WIDTH_OF_CELL, max(widest[name], len(said)))
        fits = 0 < len(heads) <= COLUMNS_OF_TABLE and sum(widest.values()) <= WIDTH_OF_TABLE
        as_table = fits and len(self.entries) >= ROWS_OF_TABLE
        rows = [
            {"cells": [dict(one["facts"]).get(name, "") for name in heads], "texts": one["texts"]}
            for one in self.entries
        ]
        return {
            "title": self.title,
            "about": self.about,
            "heads": heads if as_table else [],
            "rows": rows if as_table else [],
            "entries": [] if as_table else self.entries,
            "talks": [{"with": name, "said": said} for name, said in self.talks.items()],
            "left_out": self.left_out,
        }


class Booklet:
    """Gathers rows as they go by, table by table."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.zone = ZoneInfo(person.time_zone)
        self.letters = 0
        self.groups: dict[str, list[Table]] = {}
        self._columns: tuple[copying.Column, ...] = ()
        self._kept: Kept | None = None

    def begin(self, kept: Kept, line: Line) -> None:
        """The rows that follow belong to this entry of the map."""
        self._kept, self._columns = kept, copying.columns_of(kept)
        about = f"{line.purpose} Who sees it: {line.seen_by} {line.how_long}"
        self.groups.setdefault(kept.group.value, []).append(Table(line.title, about))

    def add(self, row: dict[str, Any]) -> None:
        """One row, as it is handed out."""
        assert self._kept is not None
        table = self.groups[self._kept.group.value][-1]
        if self.letters > LONGEST:
            table.left_out += 1
        elif self._kept.is_talk:
            self._add_said(table, row)
        else:
            self._add_entry(table, row)

    def data(self) -> dict[str, Any]:
        """What the template prints."""
        return {
            "title": f"What is stored about {self.person.full_name}",
            "made": f"Made on {self._day(now())} by {current().programme_name}. "
            f"Times are those of {self.person.time_zone.replace('_', ' ')}.",
            "groups": [
                {"name": name, "tables": [one.printed() for one in tables]}
                for name, tables in self.groups.items()
            ],
        }

    def _add_entry(self, table: Table, row: dict[str, Any]) -> None:
        facts: Pairs = []
        texts: Pairs = []
        for label, said, is_text in self._pieces(row):
            is_long = is_text and (len(said) > SHORT or "\n" in said)
            (texts if is_long else facts).append([label, said])
            self.letters += len(label) + len(said)
        if facts or texts:
            table.entries.append({"facts": facts, "texts": texts})

    def _add_said(self, table: Table, row: dict[str, Any]) -> None:
        name = self._names(row.get("with", ())) or "Somebody who is not here any more"
        said = {
            "who": self._who(row["sender"]),
            "mine": bool(row["sender"].get("you")),
            "when": self._said(row["sent_at"]),
            "text": row["text"],
        }
        table.talks.setdefault(name, []).append(said)
        self.letters += len(row["text"])

    def _pieces(self, row: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
        if partners := self._names(row.get("with", ())):
            yield "With", partners, False
        for label, value in row.get("beside", {}).items():
            if said := self._said(value):
                yield label, said, False
        for column in self._columns:
            value = row.get(column.name)
            if value in (None, "", [], {}) or row.get(f"{column.name}_label"):
                continue
            if column.kind is Kind.ACTIVITY and not value:
                continue  # nothing of the sort happened
            if column.name == "staff_role" and not row.get("is_staff", True):
                continue  # what they would be on the team, which they are not on
            if column.is_person:
                if isinstance(value, dict) and not (value.get("you") and self._is_mine_alone):
                    yield column.label, self._who(value), False
            elif column.kind in SAID:
                yield from self._value(column, value, row.get("asked", {}).get(column.name, {}))

    @property
    def _is_mine_alone(self) -> bool:
        """Whether each row is about the reader and nobody else, so that saying so tells nothing."""
        kept = self._kept
        return kept is not None and len(kept.people) == 1 and not kept.named

    def _value(
        self, column: copying.Column, value: Any, asked: dict[str, Any]
    ) -> Iterator[tuple[str, str, bool]]:
        if not isinstance(value, dict):
            known = column.choices.get(value, value) if isinstance(value, str | int) else value
            said = asked[str(value)]["label"] if str(value) in asked else self._said(known)
            if said:
                label = column.label.removesuffix(" label")
                yield label, said, column.kind is Kind.WORDS
            return
        for key, one in value.items():
            question = asked.get(key, {})
            options = question.get("options", {})
            picked = one if isinstance(one, list) and options else [one]
            said = ", ".join(options.get(str(each)) or self._said(each) for each in picked)
            if said:
                yield question.get("label") or _words(key), said, True

    def _names(self, people: Any) -> str:
        return " and ".join(self._who(one) for one in people)

    def _who(self, one: dict[str, Any]) -> str:
        return "You" if one.get("you") else str(one["name"])

    def _said(self, value: Any) -> str:
        match value:
            case None:
                return ""
            case str() if _TIME.fullmatch(value):
                return self._said(datetime.fromisoformat(value))
            case bool():
                return "Yes" if value else "No"
            case datetime():
                return f"{self._day(value)}, {value.astimezone(self.zone):%H:%M}"
            case date():
                return f"{value.day} {value:%B %Y}"
            case dict():
                kept = ((key, one) for key, one in value.items() if not _is_key(one))
                pairs = ((_words(key), self._said(one)) for key, one in kept)
                return "; ".join(f"{key}: {said}" for key, said in pairs if said)
            case list() | tuple():
                parts = [said for one in value if (said := self._said(one))]
                plain = all(isinstance(one, str) and len(one) < SHORT for one in value)
                return (", " if plain else "\n").join(parts)
        return str(value)

    def _day(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{local.day} {local:%B %Y}"


def _is_key(value: Any) -> bool:
    """Whether it leads to another row, and tells a reader nothing."""
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def _words(key: str) -> str:
    plain = str(key).replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]
