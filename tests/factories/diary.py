"""Entries of a diary."""

from typing import Any

from core.accounts.models import Person
from core.diary.models import Entry
from core.kernel.clock import today


def make_entry(writer: Person, **fields: Any) -> Entry:
    """A row."""
    return Entry.objects.create(
        writer=writer,
        **{
            "title": "After the first meeting",
            "text": "I talked more than I listened.",
            "written_on": today(),
            **fields,
        },
    )


def written(**fields: str) -> dict[str, str]:
    """The form as somebody sends it."""
    return {
        "title": "After the first meeting",
        "text": "I talked more than I listened.",
        "day_day": "2",
        "day_month": "3",
        "day_year": "2026",
        "themes": "",
        **fields,
    }
