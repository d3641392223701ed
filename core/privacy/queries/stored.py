"""What is stored about a person, in words and numbers, drawn from the map (product A12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, DateField, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.personal import Blank, Group, Kept, Kind, Remove, Stay
from core.privacy.queries.erasing import accounts_of
from core.privacy.queries.retention import periods
from core.programme.queries import words
from core.programme.rules import WORD_KEYS

KINDS = {
    Kind.IDENTITY: "names and numbers",
    Kind.CONTACT: "addresses",
    Kind.WORDS: "what was written",
    Kind.CHOICES: "what was chosen",
    Kind.FILE: "files",
    Kind.ACTIVITY: "what happened when",
    Kind.TECHNICAL: "technical marks",
    Kind.SECRET: "secrets that are never shown",
}


MADE = (
    "created_at", "made_at", "joined_at", "started_at", "sent_at", "sent_on", "asked_at",
    "given_at", "written_at", "written_on", "issued_at", "begun_at", "began_at", "starts_at", "at",
    "saved_at", "read_at", "changed_at", "updated_at", "seen_at", "created", "date_joined",
)  # fmt: skip
"""Names of fields that say when a row came to be, the best first."""


@dataclass(frozen=True)
class Line:
    """One table in words. hidden: how many of the rows are neither shown nor handed out."""

    title: str
    count: int
    purpose: str
    seen_by: str
    holds: str
    how_long: str
    hidden: int
    hidden_because: str
    first: date | None
    last: date | None
    withheld: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What there is in one table: how many rows, how many of them are shown, from when to when."""

    rows: int
    shown: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Part:
    """One group: what there is, and the titles of what there is not."""

    name: str
    lines: tuple[Line, ...]
    empty: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many records there are in it."""
        return sum(line.count for line in self.lines)


def about_people() -> tuple[Kept, ...]:
    """The entries of the map that are about anybody."""
    return tuple(kept for kept in personal.everything() if kept.about_people)


def stored(person: Person) -> list[Part]:
    """Everything that is stored about a person, in the order of the page."""
    counts, days, nouns = counted(*accounts_of(person)), periods(), placeholders()
    parts = []
    for group in Group:
        entries = [kept for kept in about_people() if kept.group is group]
        there = tuple(
            line_of(kept, counts[kept.label], days, nouns)
            for kept in entries
            if kept.label in counts
        )
        empty = tuple(said(kept.title, nouns) for kept in entries if kept.label not in counts)
        if there or (group is not Group.STAFF and empty):
            parts.append(Part(group.value, there, empty))
    return parts


def counted(*people: Person) -> dict[str, Found]:
    """By label, how much there is about a person, and from when: one question.

    Tables without a row about them are left out.
    """
    asked: list[QuerySet[Any, Any]] = [_count(kept, people) for kept in about_people()]
    rows = asked[0].union(*asked[1:], all=True)
    return {
        row["table"]: Found(row["found"], row["shown"], _day(row["first"]), _day(row["last"]))
        for row in rows
        if row["found"]
    }


def _count(kept: Kept, people: Sequence[Person]) -> QuerySet[Any, Any]:
    rows = personal.rows_of(kept, *people).order_by()
    at, nothing = _made(kept), Value("", output_field=CharField())
    counts: QuerySet[Any, Any] = (
        rows.annotate(table=Value(kept.label, output_field=CharField()))
        .values("table")
        .annotate(
            found=Count("pk"),
            shown=Count("pk", filter=kept.shown or Q(pk__isnull=False)),
            first=Min(at) if at else nothing,
            last=Max(at) if at else nothing,
        )
    )
    return counts


def _made(kept: Kept) -> Cast | None:
    """When a row was made, as text, so that all tables can be asked at once."""
    times = {one.name for one in kept.model._meta.local_fields if isinstance(one, DateField)}
    name = next((name for name in MADE if name in times), None)
    return Cast(name, CharField()) if name else None


def _day(said: str | None) -> date | None:
    return datetime.fromisoformat(said).date() if said else None


def line_of(kept: Kept, found: Found, days: Mapping[str, int], nouns: Mapping[str, str]) -> Line:
    """An entry of the map in words."""
    holds = [KINDS[kind] for kind in KINDS if kept.of_kind(kind)]
    sentence = ", ".join(holds) or "that it is so"
    reasons = dict.fromkeys(said(reason, nouns) for reason in kept.withheld.values())
    return Line(
        title=said(kept.title, nouns),
        count=found.rows,
        purpose=said(kept.purpose, nouns),
        seen_by=f"{said(kept.seen_by, nouns)}.",
        holds=f"{sentence[0].upper()}{sentence[1:]}.",
        how_long=how_long(kept, days),
        hidden=found.rows - found.shown,
        first=found.first,
        last=found.last,
        hidden_because=said(kept.hidden_because, nouns),
        withheld=tuple(reasons),
    )


def how_long(kept: Kept, days: Mapping[str, int]) -> str:
    """How long rows are kept, and what becomes of them when somebody is erased."""
    period = days.get(kept.retention or "")
    kept_for = f"For {period} days." if period else "As long as you have your account."
    if kept.kept_for:
        return f"{kept.kept_for}."
    match kept.on_erase:
        case Remove():
            return f"{kept_for} When you are erased it goes."
        case Blank():
            return f"{kept_for} When you are erased it is emptied."
        case Stay(reason):
            return f"{kept_for} It stays when you are erased. {reason}"
    if kept.shared:
        return f"{kept_for} When you are erased the other one keeps it without your name."
    return f"{kept_for} When you are erased it stays without your name."


def placeholders() -> dict[str, str]:
    """The institute's nouns for the texts of the map: {request}, {requests}, {programme_team}."""
    nouns: dict[str, str] = {}
    for key in WORD_KEYS:
        word = words()[key]
        nouns |= {key: word.singular, f"{key}s": word.plural}
    return nouns


def said(text: str, nouns: Mapping[str, str]) -> str:
    """A text of the map in the institute's words."""
    return text.format_map(nouns)
