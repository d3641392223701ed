"""A canvas as the page shows it: each box with its place, its text, and a choice that is open."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.accounts.models import Person
from core.canvases.models import Sheet
from core.canvases.queries import Waiting
from core.canvases.rules import TITLE, TITLE_LENGTH, Box, Design, Given, mark


@dataclass(frozen=True)
class Field:
    """The title or a box, as one person finds it."""

    key: str
    label: str
    text: str
    standing: str
    base: str
    box: Box | None = None
    waiting: Waiting | None = None
    error: str = ""
    by: str = ""

    @property
    def place(self) -> str:
        """The classes that put it on the grid."""
        return place(self.box) if self.box else ""

    @property
    def rows(self) -> int:
        """Lines that the box shows before it grows."""
        return 5 * self.box.tall if self.box else 1

    @property
    def limit(self) -> int:
        """Letters that fit into a title."""
        return TITLE_LENGTH


def place(box: Box) -> str:
    """The classes that put a box on the grid."""
    return f"at-c{box.column} at-r{box.row} wide-{box.wide} tall-{box.tall}"


def fields(
    sheet: Sheet,
    person: Person,
    waiting: Mapping[str, Waiting],
    *,
    given: Mapping[str, Given] | None = None,
    refused: Mapping[str, str] | None = None,
) -> list[Field]:
    """The title and the boxes in their order. What was refused stays as it was typed."""
    standing = sheet.standing()
    boxes: list[tuple[str, str, Box | None]] = [(TITLE, "Title", None)]
    boxes += [(box.key, box.label, box) for box in sheet.design.boxes]
    names = {str(person.pk): "you", str(sheet.partner_of(person).pk): ""}
    names[str(sheet.partner_of(person).pk)] = sheet.partner_of(person).first_name
    result = []
    for key, label, box in boxes:
        text, base = standing[key], mark(standing[key])
        error = (refused or {}).get(key, "")
        beside = waiting.get(key)
        if error and given and key in given:
            text, base = given[key].text, given[key].base
        elif beside:
            text, base = beside.mine, beside.base
        result.append(
            Field(
                key=key,
                label=label,
                text=text,
                standing=standing[key],
                base=base,
                box=box,
                waiting=beside,
                error=error,
                by=names.get(str(sheet.writers.get(key, "")), ""),
            )
        )
    return result


def read_only(design: Design, texts: Mapping[str, str]) -> list[tuple[Box, str, str]]:
    """Boxes with their places and texts, for reading."""
    return [(box, place(box), str(texts.get(box.key, ""))) for box in design.boxes]
