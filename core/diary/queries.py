"""Reading one's own diary. Every read begins with the reader: nobody else's entries exist."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Length, TruncMonth
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.accounts.models import Person
from core.diary.models import Draft, Entry
from core.mentorships import queries as of_mentorships
from core.mentorships.models import Mentorship
from core.mentorships.states import State

# Signs that no text holds: `clean_text` takes private-use characters out.
_BEGIN, _END = "\ue000", "\ue001"


@dataclass(frozen=True)
class Theme:
    """A theme of somebody's own, and how many entries carry it."""

    name: str
    count: int


@dataclass(frozen=True)
class Month:
    """A month in which somebody wrote."""

    first_day: date
    count: int


def own(person: Person) -> QuerySet[Entry]:
    """All entries of this person, newest first."""
    return Entry.objects.filter(writer=person, deleted_at=None).defer("searched")


def entry_of(person: Person, entry_id: UUID) -> Entry | None:
    """One entry of this person; None for everything else."""
    if not person.is_active:
        return None
    rows = own(person).select_related("mentorship__mentor", "mentorship__mentee")
    return rows.filter(pk=entry_id).first()


def deleted_of(person: Person, entry_id: UUID) -> Entry | None:
    """An entry that this person deleted and that is not forgotten yet."""
    return Entry.objects.filter(writer=person, pk=entry_id).exclude(deleted_at=None).first()


def months_of(person: Person) -> list[Month]:
    """The months in which this person wrote, latest first."""
    rows = (
        own(person)
        .order_by()
        .annotate(month=TruncMonth("written_on"))
        .values("month")
        .annotate(count=Count("pk"))
        .order_by("-month")
    )
    return [Month(row["month"], row["count"]) for row in rows]


def themes_of(person: Person) -> list[Theme]:
    """The themes of this person by the alphabet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select theme, count(*) from diary_entry, unnest(themes) theme"
            " where writer_id = %s and deleted_at is null"
            " group by theme order by lower(theme), theme",
            [person.pk],
        )
        return [Theme(name, count) for name, count in cursor.fetchall()]


def found(entries: QuerySet[Entry], asked: str, *, theme: str) -> QuerySet[Entry]:
    """The entries that hold these words, best first, each with a `line` around them.

    "Quoted words" stand together, -word is left out, or is either; the beginnings of plain words
    count ("pass" finds "password"). Entries on `theme` are among them.
    """
    query: Any = SearchQuery(asked, config="english", search_type="websearch") | SearchQuery(
        asked, config="simple", search_type="websearch"
    )
    if re.fullmatch(r"[\w ]+", asked):
        beginnings = " & ".join(f"{word}:*" for word in asked.lower().split())
        query |= SearchQuery(beginnings, config="simple", search_type="raw")
    return (
        entries.filter(Q(searched=query) | Q(themes__contains=[theme]))
        .annotate(
            rank=SearchRank(F("searched"), query),
            line=SearchHeadline(
                "text",
                query,
                config="english",
                start_sel=_BEGIN,
                stop_sel=_END,
                max_words=32,
                min_words=16,
                max_fragments=2,
                fragment_delimiter=" … ",
            ),
        )
        .order_by("-rank", "-written_on", "-id")
    )


def marked(line: str) -> SafeString:
    """A line of a search with the words that were found in <mark>; the rest is text."""
    html = escape(" ".join(line.split()))
    return mark_safe(html.replace(_BEGIN, "<mark>").replace(_END, "</mark>"))


def size_of(entries: QuerySet[Entry]) -> tuple[int, int]:
    """How many entries, and how many characters in them."""
    sums = entries.order_by().aggregate(count=Count("pk"), characters=Sum(Length("text")))
    return sums["count"], sums["characters"] or 0


def draft_of(person: Person, entry: Entry | None) -> Draft | None:
    """What this person had begun to write."""
    return Draft.objects.filter(writer=person, entry=entry).first()


def relationships_of(person: Person) -> list[Mentorship]:
    """What an entry can belong to: every relationship that has begun, latest first."""
    begun = (State.ACTIVE, State.COMPLETED, State.ENDED)
    both = of_mentorships.as_mentee(person) | of_mentorships.as_mentor(person)
    return list(both.filter(state__in=[state.value for state in begun])[:100])
