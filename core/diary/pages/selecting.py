"""Which entries the query string asks for: on the page, and in a file made of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet

from core.accounts.models import Person
from core.diary import queries
from core.diary.models import Entry
from core.diary.rules import QUERY_LENGTH, THEME_LENGTH, one_line, settled

_MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Selection:
    """Entries, and what they were chosen by; false when all are meant."""

    rows: QuerySet[Entry]
    theme: str = ""
    month: date | None = None
    about: str = ""
    about_name: str = ""
    asked: str = ""

    def __bool__(self) -> bool:
        return bool(self.theme or self.month or self.about or self.asked)

    @property
    def parts(self) -> dict[str, str]:
        """What it was chosen by, so that it can be chosen again."""
        parts = {
            "theme": self.theme,
            "month": f"{self.month:%Y-%m}" if self.month else "",
            "about": self.about,
            "q": self.asked,
        }
        return {name: text for name, text in parts.items() if text}

    @property
    def query(self) -> str:
        """The query string that asks for the same again."""
        return urlencode(self.parts)


def selection(asked_for: Mapping[str, str], person: Person) -> Selection:
    """What a query string asks for; what makes no sense asks for nothing."""
    rows = queries.own(person)
    theme = one_line(asked_for.get("theme", ""))[:THEME_LENGTH]
    if theme:
        rows = rows.filter(themes__contains=[theme])
    month = _month(asked_for.get("month", ""))
    if month:
        rows = rows.filter(written_on__year=month.year, written_on__month=month.month)
    about, name = _about(person, asked_for.get("about", ""))
    if about:
        rows = rows.filter(mentorship_id=about)
    asked = one_line(asked_for.get("q", ""))[:QUERY_LENGTH]
    if asked:
        known = [one.name for one in queries.themes_of(person)]
        rows = queries.found(rows, asked, theme=settled([asked], known)[0])
    return Selection(rows, theme, month, about, name, asked)


def _month(text: str) -> date | None:
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def _about(person: Person, text: str) -> tuple[str, str]:
    try:
        key = UUID(text)
    except ValueError:
        return "", ""
    for two in queries.relationships_of(person):
        if two.pk == key:
            partner = two.mentee if person.pk == two.mentor_id else two.mentor
            return str(key), partner.full_name
    return "", ""
