"""The ranked search in SQL.

One table, one index. Each criterion is a `tsquery` over the words of a listing: it is met when any
of the wanted answers is there. Exact criteria narrow the rows by the index, the others add their
weight to the score. Where many rows are left, those who meet everything are asked of the index
first: as a rule they fill the page, and nobody else has to be looked at. The figures are in
`docs/decisions/ranking-in-sql.md`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from core.matching.models import words_in
from core.matching.rules import PAGE_SIZE, PAGES, Want, Wanted

#: Mentors are counted, and can be leafed through, up to here; beyond it is "more than".
COUNTED = PAGE_SIZE * PAGES

#: From so many candidates on the index is asked for those who meet everything first.
MANY = 1000

_TABLE = "matching_listing"


@dataclass(frozen=True)
class Count:
    """A number of mentors, exact up to `COUNTED`."""

    number: int

    @property
    def beyond(self) -> bool:
        """There are more than `COUNTED`, and nobody counted how many."""
        return self.number > COUNTED

    @property
    def bounded(self) -> int:
        """The number of mentors that can be leafed through."""
        return min(self.number, COUNTED)

    @property
    def words(self) -> str:
        """The number as people read it: "12", "more than 1,000"."""
        return f"more than {COUNTED:,}" if self.beyond else f"{self.number:,}"

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class Pool:
    """Whom a search may find: for whom, with full mentors or without, except whom."""

    seeker: UUID
    full_shown: bool = False
    without: Collection[UUID] = ()

    def condition(self) -> tuple[str, list[Any]]:
        """The SQL condition and its parameters; nobody finds themselves."""
        parts, values = ["listed", "person_id <> %s"], [self.seeker]
        if not self.full_shown:
            parts.append("room > 0")
        if self.without:
            parts.append("person_id <> ALL(%s)")
            values.append(list(self.without))  # type: ignore[arg-type]
        return " AND ".join(parts), list(values)

    @property
    def lot(self) -> int:
        """What the lots of this seeker are drawn with: the same at every visit."""
        return int.from_bytes(self.seeker.bytes[8:], signed=True)


@dataclass(frozen=True)
class Counts:
    """How many are found, how many more without each must, how many there are at all."""

    total: Count
    without: dict[str, Count]
    everyone: Count


@dataclass(frozen=True)
class Ranked:
    """One mentor's place in the order."""

    person_id: UUID
    tokens: list[str]
    score: int
    room: int
    taken: int


def counts(pool: Pool, wanted: Wanted) -> Counts:
    """Count in one statement; each count stops at `COUNTED` (product B7)."""
    musts = wanted.exact
    questions = [(musts, ()), *((_others(musts, one), (one,)) for one in musts), ((), ())]
    selects, values = [], []
    for met, unmet in questions:
        condition, parameters = _where(pool, met, unmet)
        selects.append(
            f"(SELECT count(*) FROM (SELECT 1 FROM {_TABLE} WHERE {condition}"  # noqa: S608
            f" LIMIT {COUNTED + 1}) AS found)"
        )
        values += parameters
    ((total, *without, everyone),) = _rows(f"SELECT {', '.join(selects)}", values)
    return Counts(
        total=Count(total),
        without={
            want.question.key: Count(number) for want, number in zip(musts, without, strict=True)
        },
        everyone=Count(everyone),
    )


def ranked(
    pool: Pool, wanted: Wanted, *, offset: int, limit: int, candidates: int = 0
) -> list[Ranked]:
    """A stretch of the order: score, then those with room, fewest mentees, the seeker's lots.

    `candidates`: how many meet all musts, as far as counted; it only decides on the way there.
    """
    if candidates >= MANY and wanted.ranked:
        found = _select(pool, wanted, wanted.asked, (), offset, limit)
        if len(found) == limit:
            return found
    return _select(pool, wanted, wanted.exact, wanted.ranked, offset, limit)


def ranked_for_all(searches: Sequence[tuple[Pool, Wanted]], limit: int) -> list[list[Ranked]]:
    """The head of the order for many seekers, in one statement; in the order of `searches`."""
    if not searches:
        return []
    parts, values = [], []
    for number, (pool, wanted) in enumerate(searches):
        statement, parameters = _statement(pool, wanted, wanted.exact, wanted.ranked, 0, limit)
        parts.append(f"(SELECT {number} AS search, found.* FROM ({statement}) AS found)")  # noqa: S608
        values += parameters
    found: list[list[Ranked]] = [[] for _ in searches]
    for search, person_id, tokens, points, room, taken in _rows(" UNION ALL ".join(parts), values):
        found[search].append(Ranked(person_id, words_in(tokens), points, room, taken))
    return found


def _select(
    pool: Pool,
    wanted: Wanted,
    met: Sequence[Want],
    counted: Sequence[Want],
    offset: int,
    limit: int,
) -> list[Ranked]:
    """Rows that meet all of `met`, scored by `counted`."""
    return [
        Ranked(person_id, words_in(tokens), points, room, taken)
        for person_id, tokens, points, room, taken in _rows(
            *_statement(pool, wanted, met, counted, offset, limit)
        )
    ]


def _statement(
    pool: Pool,
    wanted: Wanted,
    met: Sequence[Want],
    counted: Sequence[Want],
    offset: int,
    limit: int,
) -> tuple[str, list[Any]]:
    """The statement of one search, and its parameters."""
    condition, where_values = _where(pool, met, ())
    score = str(sum(want.question.weight for want in met))
    score_values = []
    for want in counted:
        score += f" + {int(want.question.weight)} * (tokens @@ %s::tsquery)::int"
        score_values.append(_any_of(want))
    statement = (  # our own names and weights; whatever people give goes in as a parameter
        f"SELECT person_id, tokens::text, {score} AS score, room, taken FROM {_TABLE}"  # noqa: S608
        f" WHERE {condition}"
        " ORDER BY score DESC, room = 0, taken, uuid_hash_extended(person_id, %s), person_id"
        " LIMIT %s OFFSET %s"
    )
    return statement, [*score_values, *where_values, pool.lot, limit, offset]


def _where(pool: Pool, met: Sequence[Want], unmet: Sequence[Want]) -> tuple[str, list[Any]]:
    condition, values = pool.condition()
    for want in met:
        condition += " AND tokens @@ %s::tsquery"
        values.append(_any_of(want))
    for want in unmet:
        condition += " AND NOT tokens @@ %s::tsquery"
        values.append(_any_of(want))
    return condition, values


def _any_of(want: Want) -> str:
    """The criterion as a `tsquery`: `'areas=cv' | 'areas=career'`."""
    return " | ".join(
        "'" + one.replace("\\", "\\\\").replace("'", "''") + "'" for one in want.tokens
    )


def _others(wants: Sequence[Want], one: Want) -> Sequence[Want]:
    return [want for want in wants if want is not one]


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
