"""A draft as the pages show it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core.accounts.models import Person
from core.matching.rules import Receipt
from core.mentorships.queries import named_like
from core.pairing.models import LeftOut, PairDraft, Pool, Standing
from core.pairing.queries.ground import Ground, ground

SHOWN = 20
"""How many other mentors the page of one mentee offers."""


@dataclass(frozen=True)
class Alternative:
    """A mentor who could stand in for the one in the draft."""

    person: Person
    receipt: Receipt
    left: int


@dataclass(frozen=True)
class Bar:
    """How many pairs meet so much of what was asked for."""

    label: str
    count: int
    width: int


def runs() -> QuerySet[Pool]:
    """All runs, latest first, with the numbers of pairs and of people left out."""
    together = Count("pairs", ~Q(pairs__standing=Standing.APART), distinct=True)
    counted = Pool.objects.select_related("made_by").annotate(
        number=together, without=Count("left_out", distinct=True)
    )
    return counted.order_by("-made_at", "-pk")


def pool_of(pool_id: UUID) -> Pool | None:
    """One run, with who made and published it."""
    return Pool.objects.select_related("made_by", "published_by").filter(pk=pool_id).first()


def pairs(pool: Pool, *, named: str = "", kept: bool = False) -> QuerySet[PairDraft]:
    """Who goes together, weakest first, with both people; `kept`: what staff decided alone."""
    found = pool.pairs.exclude(standing=Standing.APART).select_related("mentor", "mentee")
    if kept:
        found = found.exclude(standing=Standing.SOLVED)
    if named:
        people = Person.objects.filter(named_like(named))
        found = found.filter(Q(mentee__in=people) | Q(mentor__in=people))
    return found


def left_out(pool: Pool) -> QuerySet[LeftOut]:
    """Who has nobody, by reason."""
    return pool.left_out.select_related("mentee")


def distribution(pool: Pool) -> list[Bar]:
    """The pairs by tenths of what was asked for, best first; who asked for nothing last."""
    counts = Counter[int]()
    rows = pool.pairs.exclude(standing=Standing.APART).order_by()
    for share, most, number in rows.values_list("share", "most").annotate(number=Count("pk")):
        counts[-1 if not most else min(share // 10, 9) if share < 100 else 10] += number
    highest = max(counts.values(), default=0)
    labels = {10: "All of it", -1: "Asked for nothing"}
    labels |= {tenth: f"{10 * tenth} to {10 * tenth + 9} %" for tenth in range(10)}
    tenths = [10, *range(9, -1, -1)] + ([-1] if counts[-1] else [])
    return [
        Bar(labels[one], counts[one], round(100 * counts[one] / highest) if highest else 0)
        for one in tenths
    ]


def free_places(found: Ground, pool: Pool, *, but: UUID | None = None) -> Mapping[UUID, int]:
    """The places that each mentor has left beside the draft, without the pair of one mentee."""
    rows = pool.pairs.exclude(standing=Standing.APART).exclude(mentee=but).order_by()
    used = dict(rows.values_list("mentor").annotate(number=Count("pk")))
    return {one.key: one.places - used.get(one.key, 0) for one in found.mentors}


def alternatives(pool: Pool, mentee: Person) -> list[Alternative]:
    """The closest mentors with a place beside the draft; six queries and no more."""
    found = ground(pool, only=[mentee.pk])
    if mentee.pk not in found.row:
        return []
    row, left = found.row[mentee.pk], free_places(found, pool, but=mentee.pk)
    fitting = [
        (-int(found.grid.points[row, column]), one.taken, column)
        for column, one in enumerate(found.mentors)
        if found.allowed[row, column] and left[one.key] > 0
    ]
    chosen = [column for _points, _taken, column in sorted(fitting)[:SHOWN]]
    people = Person.objects.in_bulk([found.mentors[column].key for column in chosen])
    return [
        Alternative(people[key], found.receipt(row, column), left[key])
        for column in chosen
        if (key := found.mentors[column].key) in people
    ]


def mentors_without(pool: Pool) -> int:
    """How many places of this run stayed empty, as it was solved."""
    return max(0, int(pool.figures.get("places", 0)) - int(pool.figures.get("matched", 0)))
