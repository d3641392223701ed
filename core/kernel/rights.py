"""Who on the programme team may do what (product F4, issue of staff roles). Pure.

One table: a role's right in each area of the staff site. Pages and lists belong to an area by
name (`core.routes.areas`), so a page without an area opens for programme managers alone.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final


class Area(StrEnum):
    """A part of the staff site."""

    FIGURES = "figures"
    PEOPLE = "people"
    RELATIONSHIPS = "relationships"
    SAFEGUARDING = "safeguarding"
    HELP = "help"
    CONTENT = "content"
    SETTINGS = "settings"
    RECORDS = "records"


class Right(IntEnum):
    """How far somebody gets in an area; each includes those before it."""

    NONE = 0
    READ = 1
    WRITE = 2


class StaffRole(StrEnum):
    """What somebody is on the programme team."""

    MANAGER = "manager"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    SAFEGUARDING = "safeguarding"
    READER = "reader"


ROLE_NAMES: Final = {
    StaffRole.MANAGER: "Programme manager",
    StaffRole.COORDINATOR: "Coordinator",
    StaffRole.EDITOR: "Content editor",
    StaffRole.SAFEGUARDING: "Safeguarding lead",
    StaffRole.READER: "Read-only",
}

N, R, W = Right.NONE, Right.READ, Right.WRITE
_COLUMNS: Final = (
    StaffRole.MANAGER, StaffRole.COORDINATOR, StaffRole.EDITOR, StaffRole.SAFEGUARDING,
    StaffRole.READER,
)  # fmt: skip
_ROWS: Final[Mapping[Area, tuple[Right, ...]]] = {
    #                    manager, coordinator, editor, safeguarding, reader
    Area.FIGURES:       (W, R, R, R, R),
    Area.PEOPLE:        (W, W, N, R, R),
    Area.RELATIONSHIPS: (W, W, N, W, R),
    Area.SAFEGUARDING:  (W, N, N, W, N),
    Area.HELP:          (W, W, N, R, R),
    Area.CONTENT:       (W, R, W, R, R),
    Area.SETTINGS:      (W, R, R, N, R),
    Area.RECORDS:       (W, R, N, R, R),
}  # fmt: skip
TABLE: Final[Mapping[tuple[StaffRole, Area], Right]] = MappingProxyType(
    {
        (role, area): right
        for area, row in _ROWS.items()
        for role, right in zip(_COLUMNS, row, strict=True)
    }
)


def right_of(role: str, area: Area) -> Right:
    """The right of a role in an area; none for a role that is not known."""
    try:
        return TABLE[(StaffRole(role), area)]
    except ValueError:
        return Right.NONE
