"""Ranked search of 100,000 mentors, against the same ranking over a table with a row an answer."""

import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from core.accounts.models import Person
from core.kernel.ids import new_id
from core.matching.models import Listing
from core.matching.queries.ranking import Pool, counts, ranked
from core.matching.rules import PAGE_SIZE, PAGES, Choice, Question, Want, Wanted, token
from tenants.context import tenant_context
from tenants.services import create_institute
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, Section, median, seconds

MENTORS = 100_000
SEARCHES = 50
#: Each search is asked so often each way; the quickest counts, because others use the machine too.
TURNS = 3
BATCH = 5_000
#: Criterion, how many answers there are, how many a mentor gives, how many a mentee asks for.
SHAPE = (
    ("areas", 12, (1, 4), (2, 3)),
    ("region", 12, (1, 1), (1, 1)),
    ("role", 8, (1, 1), (1, 1)),
    ("languages", 20, (1, 3), (1, 2)),
    ("sector", 10, (1, 2), (1, 2)),
)
ROWS = """
CREATE TABLE answer_rows (person_id uuid NOT NULL, question text NOT NULL, value text NOT NULL);
INSERT INTO answer_rows
    SELECT person_id, split_part(word, '=', 1), split_part(word, '=', 2)
    FROM matching_listing, unnest(tsvector_to_array(tokens)) AS word;
CREATE UNIQUE INDEX ON answer_rows (question, value, person_id);
CREATE INDEX ON answer_rows (person_id, question, value);
"""


def measure() -> Section:
    """Fill the index and the rows, then ask both the same things by turns."""
    draw = random.Random(20)
    with fresh_database("bench_search"), tenant_context(create_institute(slug="crowd", name="C")):
        _fill(draw)
        searches = [_search(draw) for _ in range(SEARCHES)]
        pool = Pool(new_id())
        warm, searches = searches[0], searches[1:]
        ways: tuple[Callable[[Pool, Wanted], Any], ...] = (first_page, by_rows, by_groups)
        for way in ways:
            way(pool, warm)
        times: list[list[float]] = [[] for _ in ways]
        for wanted in searches:
            for way, taken in zip(ways, times, strict=True):
                taken.append(_quickest(lambda way=way, wanted=wanted: way(pool, wanted)))  # type: ignore[misc]
        _agree(pool, searches[:8])
        own, rows, groups = times
        wide = [_eased(wanted, 5) for wanted in searches]
        one = [_eased(wanted, 1) for wanted in searches]
        every = [Wanted() for _ in searches]
        limits = [
            Limit("First page, one exact: median", median(own) * 1000, 10, "ms"),
            Limit("First page, one exact: 19 of 20 within", _late(own) * 1000, 30, "ms"),
            _limit("First page, nothing exact: median", pool, wide, 1),
            _limit("First page, one criterion, nothing exact: median", pool, one, 1),
            _limit("First page, nothing asked for: median", pool, every, 1),
            _limit("Last page that can be reached, one exact: median", pool, searches, PAGES),
        ]
    return Section(
        name="search",
        title=f"Ranked search of {MENTORS:,} mentors",
        before="row an answer",
        after="word index",
        comparisons=[
            Comparison(
                "5 criteria, one exact, first page, against EXISTS",
                median(rows), median(own), target=5,
            ),
            Comparison(
                "The same, against JOIN and GROUP BY", median(groups), median(own), target=5
            ),
        ],
        limits=limits,
        notes=[
            "Database time: how long the server's process ran, as its kernel tells.",
            f"Medians of {len(searches)} random searches, each the quickest of {TURNS} turns each "
            "way. Areas, languages and sectors are many-valued; region is exact; answers are "
            "spread unevenly.",
            "Word index: all statements of the first page, that is the total, “without this: N "
            "more”, and the ranked page. Row an answer: the ranked page alone.",
            "Both give the same mentors in the same order, which the run checks.",
        ],
    )  # fmt: skip


def first_page(pool: Pool, wanted: Wanted, page: int = 1) -> list[UUID]:
    """What the product asks for one page."""
    total = counts(pool, wanted).total.number
    offset = (page - 1) * PAGE_SIZE
    found = ranked(pool, wanted, offset=offset, limit=PAGE_SIZE, candidates=total)
    return [row.person_id for row in found]


def by_rows(pool: Pool, wanted: Wanted) -> list[UUID]:
    """The usual table: the exact criterion by its index, each other one by EXISTS."""
    has = (
        "EXISTS (SELECT FROM answer_rows WHERE person_id = held.person_id"
        " AND question = %s AND value = ANY(%s))"
    )
    score, score_values = "0", list[Any]()
    for want in wanted.asked:
        score += f" + {want.question.weight} * ({has})::int"
        score_values += [want.question.key, list(want.values)]
    exact, exact_values = "", list[Any]()
    for want in wanted.exact:
        exact += (
            " AND held.person_id IN"
            " (SELECT person_id FROM answer_rows WHERE question = %s AND value = ANY(%s))"
        )
        exact_values += [want.question.key, list(want.values)]
    return _ids(
        f"SELECT held.person_id, {score} AS score FROM matching_listing AS held"
        f" WHERE listed AND room > 0 AND held.person_id <> %s{exact}",
        [*score_values, pool.seeker, *exact_values],
        pool,
    )


def by_groups(pool: Pool, wanted: Wanted) -> list[UUID]:
    """The usual table: one join over all wanted answers, grouped by mentor."""
    (exact,) = wanted.exact
    parts, values = [], list[Any]()
    for want in wanted.asked:
        parts.append(
            f"({want.question.weight} *"
            " bool_or(given.question = %s AND given.value = ANY(%s))::int)"
        )
        values += [want.question.key, list(want.values)]
    every = [value for want in wanted.asked for value in want.values]
    return _ids(
        f"SELECT held.person_id, {' + '.join(parts)} AS score"
        " FROM answer_rows AS must JOIN matching_listing AS held USING (person_id)"
        " JOIN answer_rows AS given USING (person_id)"
        " WHERE must.question = %s AND must.value = ANY(%s) AND given.value = ANY(%s)"
        " AND listed AND room > 0 AND held.person_id <> %s"
        " GROUP BY held.person_id, held.room, held.taken",
        [*values, exact.question.key, list(exact.values), every, pool.seeker],
        pool,
    )


def _ids(statement: str, values: Sequence[Any], pool: Pool) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id FROM ({statement}) AS scored"
            " JOIN matching_listing AS place USING (person_id)"
            " ORDER BY score DESC, room = 0, taken, uuid_hash_extended(person_id, %s), person_id"
            f" LIMIT {PAGE_SIZE}",
            [*values, pool.lot],
        )
        return [row[0] for row in cursor.fetchall()]


def _agree(pool: Pool, searches: Sequence[Wanted]) -> None:
    for wanted in searches:
        found = first_page(pool, wanted)
        if not found == by_rows(pool, wanted) == by_groups(pool, wanted):
            raise AssertionError(f"the ways disagree about {wanted}")


def _limit(what: str, pool: Pool, searches: Sequence[Wanted], page: int) -> Limit:
    times = [
        _quickest(lambda wanted=wanted: first_page(pool, wanted, page))  # type: ignore[misc]
        for wanted in searches[:20]
    ]
    return Limit(what, median(times) * 1000, 100, "ms")


def _quickest(work: Callable[[], object]) -> float:
    return min(_database_time(work) for _ in range(TURNS))


def _database_time(work: Callable[[], object]) -> float:
    """Seconds that the database worked: what others on the machine take is not counted.

    The kernel tells how long the server's process ran. Where it cannot be asked (a server
    elsewhere), all the time that passes counts.
    """
    process = Path(f"/proc/{_server_process()}/schedstat")
    try:
        before = int(process.read_text().split()[0])
    except (OSError, ValueError):
        return seconds(work)
    work()
    return (int(process.read_text().split()[0]) - before) / 1e9


def _server_process() -> int:
    if "@/" not in os.environ["DATABASE_URL"]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _late(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]


def _eased(wanted: Wanted, asked: int) -> Wanted:
    return Wanted(tuple(Want(want.question, want.values) for want in wanted.wants[:asked]))


def _search(draw: random.Random) -> Wanted:
    wants = []
    for key, size, _, (fewest, most) in SHAPE:
        options = tuple(Choice(_option(key, n), f"{n}") for n in range(size))
        question = Question(key, key, "Any", options, weight=1, many=most > 1)
        values = _some(draw, key, size, draw.randint(fewest, most))
        wants.append(Want(question, tuple(sorted(values)), exact=key == "region"))
    return Wanted(tuple(wants))


def _fill(draw: random.Random) -> None:
    for start in range(0, MENTORS, BATCH):
        people = [
            Person(username=f"m{start + n}", email=f"m{start + n}@people.example", is_mentor=True)
            for n in range(BATCH)
        ]
        Person.objects.bulk_create(people)
        Listing.objects.bulk_create(
            Listing(
                person=person,
                listed=True,
                room=draw.randint(1, 4),
                taken=draw.choice((0, 0, 0, 1, 1, 2, 3)),
                tokens=[
                    token(key, value)
                    for key, size, (fewest, most), _ in SHAPE
                    for value in _some(draw, key, size, draw.randint(fewest, most))
                ],
            )
            for person in people
        )
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        cursor.execute("VACUUM ANALYZE matching_listing")
        cursor.execute("VACUUM ANALYZE answer_rows")


def _some(draw: random.Random, key: str, size: int, number: int) -> set[str]:
    """Different answers, the first ones more often than the last."""
    weights = [1 / (n + 1) ** 0.6 for n in range(size)]
    found: set[str] = set()
    while len(found) < number:
        found.add(_option(key, draw.choices(range(size), weights)[0]))
    return found


def _option(key: str, number: int) -> str:
    return f"{key}_option_{number}"
