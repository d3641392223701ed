"""The audit trail with a million entries, and alike accounts among fifty thousand (product F4)."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from core.accounts.models import Person
from core.accounts.queries import Wanted, people_called, trail
from core.kernel.clock import now
from core.kernel.models import AuditEntry
from core.people.queries.duplicates import likely_pairs
from tenants.context import tenant_context
from tenants.services import create_institute
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, Section, median, seconds
from tests.factories.programmes import ensure_programme

ENTRIES, PEOPLE, ALIKE = 1_000_000, 50_000, 500
PAGE, TURNS = 51, 7
VERBS = ("goal.completed", "mentorship sent", "profile saved", "meeting arranged")
MOST = 100.0
"""Milliseconds of the database for any page."""


def measure() -> Section:
    """Fill one institute, then read the trail in every way that the page offers."""
    with fresh_database("bench_trail"):
        institute = create_institute(slug="trail", name="Trail")
        with tenant_context(institute):
            ensure_programme()
            _fill()
            limits = [_limit(what, work) for what, work in _ways()]
            limits.append(_duplicates())
            comparison = _far_back()
    return Section(
        name="trail",
        title="The audit trail",
        before="Skipping with OFFSET",
        after="By keyset",
        comparisons=[comparison],
        limits=limits,
        notes=[
            f"{ENTRIES:,} entries of {PEOPLE:,} people, {ENTRIES // 1000:,} by operators; the "
            f"median of {TURNS} readings of a page, entries made into objects.",
            f"Alike accounts are looked for among all {PEOPLE:,} in one statement: {ALIKE} pairs.",
        ],
    )


def _ways() -> list[tuple[str, Callable[[], object]]]:
    someone = Person.objects.order_by("pk")[PEOPLE // 2]
    moment = now() - timedelta(days=400)

    def page(wanted: Wanted) -> Callable[[], object]:
        return lambda: list(trail(wanted, limit=PAGE))

    return [
        ("The latest page", page(Wanted())),
        ("One kind of deed", page(Wanted(verb=VERBS[1]))),
        ("A deed that is rare", page(Wanted(verb="support visit opened"))),
        ("One person", page(Wanted(people=(someone.pk,)))),
        ("People by a part of their name", lambda: list(
            trail(Wanted(people=people_called("Quill77")), limit=PAGE))),
        ("Only operators", page(Wanted(operators=True))),
        ("A day of last year", page(Wanted(since=moment, until=moment + timedelta(days=1)))),
        ("One kind of thing", page(Wanted(thing_type="meetings.Meeting"))),
        ("A kind of thing that is rare", page(Wanted(thing_type="accounts.Person"))),
    ]  # fmt: skip


def _limit(what: str, work: Callable[[], object]) -> Limit:
    took = 1000 * median([seconds(work) for _ in range(TURNS)])
    return Limit(what, took, MOST, "ms")


def _duplicates() -> Limit:
    found = []
    took = median([seconds(lambda: found.append(likely_pairs(limit=PAGE))) for _ in range(3)])
    assert len(found[0]) == PAGE
    return Limit(f"Alike accounts among {PEOPLE:,}", 1000 * took, 1500, "ms")


def _far_back() -> Comparison:
    """The page in the middle of the trail, in both ways."""
    rows = AuditEntry.objects.order_by("-at", "-id")
    before = rows[ENTRIES // 2]
    fast = [
        seconds(lambda: list(trail(Wanted(before=before.pk), limit=PAGE))) for _ in range(TURNS)
    ]
    place = ENTRIES // 2 + 1
    slow = [seconds(lambda: list(rows[place : place + PAGE])) for _ in range(3)]
    return Comparison("A page half a million entries back", median(slow), median(fast), 20)


def _fill() -> None:
    Person.objects.bulk_create(
        (
            Person(
                username=f"person{number}",
                email=f"{'twin' if number < 2 * ALIKE else 'person'}.{number % (PEOPLE - ALIKE)}"
                f"@house{number}.example",
                first_name="Ansel",
                last_name=f"Quill{number % (PEOPLE - ALIKE)}",
                is_mentee=True,
            )
            for number in range(PEOPLE)
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            """
            INSERT INTO kernel_auditentry (id, at, verb, actor_id, actor_name, behind_name,
                by_operator, thing_type, thing_id, facts)
            SELECT gen_random_uuid(), now() - random() * interval '5 years',
                CASE WHEN n %% 1000 = 0 THEN 'support visit opened'
                     ELSE (%s::text[])[1 + n %% 4] END,
                people.ids[1 + n %% %s], 'Ansel Quill', '', n %% 1000 = 0,
                CASE WHEN n %% 500 = 0 THEN 'accounts.Person' WHEN n %% 4 = 3
                     THEN 'meetings.Meeting' ELSE 'goals.Goal' END,
                gen_random_uuid()::text, '{}'
            FROM generate_series(1, %s) AS n,
                (SELECT array_agg(id) AS ids FROM accounts_person) AS people
            """,
            [list(VERBS), PEOPLE, ENTRIES],
        )
        cursor.execute("ANALYZE")
