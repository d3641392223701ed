"""The staff overview of 50,000 members and ten years, and what a visit writes (product F3)."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from core.accounts.models import Person
from core.insights import queries, services
from core.insights.forms import choose
from core.insights.models import Searcher, Tally
from core.kernel.clock import now
from core.meetings.models import Meeting
from core.mentorships.models import Mentorship
from core.profiles.models import Profile
from core.visits.middleware import CountVisits
from core.visits.models import DailyVisits
from tenants.context import platform_scope, tenant_context
from tenants.models import Domain, Institute
from tenants.services import create_institute
from tests.benchmarks.crowd import DAYS, VISITS_A_DAY, fill
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, median, seconds
from tests.benchmarks.report import Section as Found

MANY, FEW = 50_000, 500
TURNS = 9
GUESTS, PAGES = 200, 10
TEN_YEARS = {"from": "2000-01"}


def measure() -> Found:
    """Fill two institutes, count, look; then look at the same without roll-ups."""
    with fresh_database("bench_dashboard"):
        large, small = (create_institute(slug=s, name=s) for s in ("large", "small"))
        for institute, members in ((large, MANY), (small, FEW)):
            with tenant_context(institute):
                fill(members)
        with tenant_context(large):
            server = _server_process()
            counting = _worked(services.count, server)
            again = _worked(services.count, server)
            tallies = Tally.objects.count()
        with tenant_context(small):
            services.count()
        looks = {
            name: _look(institute, address)
            for name, institute, address in (
                ("year", large, {}),
                ("decade", large, TEN_YEARS),
                ("segment", large, {"segment": "region=region_1"}),
                ("small", small, {}),
            )
        }
        with tenant_context(large):
            comparisons = _against_the_rows()
            first, further = _writes()
    statements = looks["year"][1]
    return Found(
        name="dashboard",
        title=f"The staff overview of {MANY:,} members and ten years of visits",
        before="from the rows",
        after="from roll-ups",
        comparisons=comparisons,
        limits=[
            Limit("Whole page, twelve months: median", looks["year"][0] * 1000, 100, "ms"),
            Limit("Whole page, ten years: median", looks["decade"][0] * 1000, 100, "ms"),
            Limit("Whole page, one segment: median", looks["segment"][0] * 1000, 100, "ms"),
            Limit(
                f"Against an institute of {FEW} members",
                looks["year"][0] / looks["small"][0], 1.5, "times",
            ),
            Limit("Statements a page", statements, 25, ""),
            Limit(
                f"Statements more than with {FEW} members", statements - looks["small"][1], 0, ""
            ),
            Limit("Counting everything, the first time", counting, 120, "s"),
            Limit("Counting everything, with nothing new", again, 60, "s"),
            Limit("Writes of a visit's first page", first, 1, ""),
            Limit("Writes of its further pages", further, 0, ""),
        ],
        notes=[
            f"{MANY:,} members, {MANY:,} asks of which two in three were matched, {DAYS:,} days × "
            f"4 kinds of visits; {tallies:,} rows of the tally for 35 segments. Medians of {TURNS} "
            "views by the test client, everything from the address to the page's last letter; the "
            "time that the web process and its database process worked, without waiting for "
            "others on the machine.",
            f"From the rows: a row a visit ({DAYS * VISITS_A_DAY:,}), grouped by month; the road "
            "of mentees by one statement a step, and supply and demand by one a topic. Both ways "
            "give the same numbers, which the run checks.",
            f"Writes: {GUESTS} browsers open {PAGES} pages each; rows inserted and updated, and "
            "the number of visits is exact.",
        ],
    )  # fmt: skip


def _look(institute: Institute, address: dict[str, str]) -> tuple[float, float]:
    """Seconds and statements of the whole page."""
    with platform_scope():
        host = Domain.objects.get(institute=institute, is_primary=True).domain
    browser = Client(headers={"host": host, "user-agent": "Mozilla/5.0 Firefox/140.0"})
    with tenant_context(institute):
        staff = Person.objects.get(username="staff")
        browser.force_login(staff, backend=settings.AUTHENTICATION_BACKENDS[0])

    def view() -> None:
        answer = browser.get("/staff/", address)
        assert answer.status_code == 200, answer.status_code

    view()
    view()
    with tenant_context(institute):
        server = _server_process()
    statements = []
    for _ in range(3):  # now and then one looks up the host as well, which is kept for seconds
        with _counted() as counter:
            view()
        statements.append(counter.all)
    return median([_worked(view, server) for _ in range(TURNS)]), min(statements)


def _worked(work: Callable[[], object], server: int) -> float:
    """Seconds that this process and its database process worked: what others on the machine take
    is not counted. Where the kernel cannot be asked, all the time that passes counts."""
    schedule = Path(f"/proc/{server}/schedstat")
    try:
        before = int(schedule.read_text().split()[0])
    except (OSError, ValueError):
        return seconds(work)
    own = process_time()
    work()
    return process_time() - own + (int(schedule.read_text().split()[0]) - before) / 1e9


def _server_process() -> int:
    if "@/" not in os.environ["DATABASE_URL"]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _against_the_rows() -> list[Comparison]:
    _log_of_visits()  # the visits of this run's own views are among them
    asked = choose(TEN_YEARS)
    period = asked.period

    def graph() -> dict[date, int]:
        return {month.first_day: month.total for month in queries.visits(period) if month.total}

    def graph_of_rows() -> dict[date, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT date_trunc('month', at)::date, count(*) FROM visit_log"
                " WHERE at >= %s AND at < %s GROUP BY 1",
                [period.first, period.until],
            )
            return dict(cursor.fetchall())

    def figures() -> tuple[list[int], dict[str, int]]:
        board = queries.board(period, "", asked.questions)
        return (
            [one.number.count for one in board.mentees],
            {one.key: one.mentees.count for one in board.topics},
        )

    def figures_of_rows() -> tuple[list[int], dict[str, int]]:
        return _road(), _topics(dict(asked.questions[0].answers))

    comparisons = []
    for what, fast, slow, target in (
        ("Graph of visits, ten years", graph, graph_of_rows, 10.0),
        ("Road of mentees, supply and demand, ten years", figures, figures_of_rows, 10.0),
    ):
        if fast() != slow():
            raise AssertionError(f"the ways disagree: {what}")
        server = _server_process()
        fast_time = median([_worked(fast, server) for _ in range(TURNS)])
        comparisons.append(
            Comparison(what, median([_worked(slow, server) for _ in range(3)]), fast_time, target)
        )
    return comparisons


def _road() -> list[int]:
    """The road of mentees as one would count it without facts: a statement a step."""
    own = Mentorship.objects.filter(mentee=OuterRef("pk"))
    done = Exists(own.filter(state="completed"))
    talked = Exists(
        Meeting.objects.filter(
            mentorship__mentee=OuterRef("pk"), cancelled_at=None, ends_at__lte=now()
        )
    )
    matched = Exists(own.filter(state__in=("active", "completed", "ended")))
    asked = Exists(own)
    searched = Exists(Searcher.objects.filter(person=OuterRef("pk")))
    complete = Exists(Profile.objects.filter(person=OuterRef("pk"), role="mentee", complete=True))
    mentees = Person.objects.filter(is_mentee=True)
    reached = Q(done)
    steps = [mentees.filter(reached).count()]
    for step in (talked, matched, asked, searched, complete):
        reached |= Q(step)
        steps.append(mentees.filter(reached).count())
    return [mentees.count(), *reversed(steps)]


def _topics(answers: dict[str, str]) -> dict[str, int]:
    """Mentees without a mentor who name a topic: a statement a topic."""
    busy = Exists(Mentorship.objects.filter(mentee=OuterRef("person"), state="active"))
    free = Profile.objects.filter(~busy, role="mentee", complete=True, person__is_active=True)
    return {
        key: free.filter(answers__contains={"areas_of_support": [key]}).count() for key in answers
    }


def _writes() -> tuple[float, float]:
    """Rows written for the first page of a visit and for each further one, on average."""
    cache.clear()
    DailyVisits.objects.filter(kind="guest").delete()
    factory = RequestFactory(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    page = CountVisits(lambda request: HttpResponse("page", content_type="text/html"))

    def open_all() -> float:
        with _counted() as counter:
            for number in range(GUESTS):
                request: HttpRequest = factory.get(
                    "/", REMOTE_ADDR=f"192.0.{number // 250}.{number % 250}"
                )
                request.user = AnonymousUser()
                page(request)
        return counter.writes / GUESTS

    first = open_all()
    further = sum(open_all() for _ in range(PAGES - 1)) / (PAGES - 1)
    assert sum(DailyVisits.objects.filter(kind="guest").values_list("count", flat=True)) == GUESTS
    return first, further


class _Counter:
    all = 0
    writes = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.all += 1
        self.writes += sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))
        return execute(sql, params, many, context)


@contextmanager
def _counted() -> Iterator[_Counter]:
    counter = _Counter()
    with connection.execute_wrapper(counter):
        yield counter


def _log_of_visits() -> None:
    """What the graph would be drawn from if each visit was a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE visit_log AS SELECT v.day + interval '1 second' * (n %% 86000) AS at,"
            " v.kind FROM visits_dailyvisits AS v CROSS JOIN LATERAL generate_series(1, v.count)"
            " AS n",
            [],
        )
        cursor.execute("CREATE INDEX ON visit_log (at)")
        cursor.execute("ANALYZE visit_log")
