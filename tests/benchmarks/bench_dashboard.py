"""The staff overview of 50,000 members and ten years, and what a visit writes (product F3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from core.accounts.models import Person
from core.insights import queries, services
from core.insights.forms import choose
from core.insights.models import Searcher, Tally
from core.kernel.clock import now
from core.matching.models import Listing
from core.meetings.models import Meeting
from core.mentorships.models import Mentorship, MentorshipStep
from core.profiles.models import Field, Option, Profile, Section
from core.visits.middleware import CountVisits
from core.visits.models import DailyVisits
from tenants.context import platform_scope, tenant_context
from tenants.models import Domain, Institute
from tenants.services import create_institute
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, median, seconds
from tests.benchmarks.report import Section as Found
from tests.factories.programmes import ensure_programme

MANY, FEW = 50_000, 500
DAYS = 3_650
VISITS_A_DAY = 300
TURNS = 9
LISTS = (("areas_of_support", 12, True), ("region", 12, False), ("sector", 10, False))
GUESTS, PAGES = 200, 10
TEN_YEARS = {"from": "2000-01"}


def measure() -> Found:
    """Fill two institutes, count, look; then look at the same without roll-ups."""
    with fresh_database("bench_dashboard"):
        large, small = (create_institute(slug=s, name=s) for s in ("large", "small"))
        for institute, members in ((large, MANY), (small, FEW)):
            with tenant_context(institute):
                _fill(members)
        with tenant_context(large):
            counting = seconds(services.count)
            again = seconds(services.count)
            tallies = Tally.objects.count()
            _log_of_visits()
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
            Limit("Whole page, ten years: median", looks["decade"][0] * 1000, 150, "ms"),
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
            "views by the test client, everything from the address to the page's last letter.",
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
    with _counted() as counter:
        view()
    return median([seconds(view) for _ in range(TURNS)]), counter.all


def _against_the_rows() -> list[Comparison]:
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
        fast_time = median([seconds(fast) for _ in range(TURNS)])
        comparisons.append(
            Comparison(what, median([seconds(slow) for _ in range(3)]), fast_time, target)
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


def _fill(members: int) -> None:
    """Members, profiles, asks, talks and visits, by statements over series of numbers."""
    ensure_programme()
    Person.objects.create_user(
        "staff", "staff@people.example", "pass", first_name="A", last_name="B",
        is_staff=True, is_superuser=True,
    )  # fmt: skip
    section = Section.objects.create(key="all", label="All")
    Field.objects.all().exclude(section=section).update(active=False)
    for order, (key, number, many) in enumerate(LISTS):
        field = Field.objects.create(
            section=section, key=key, label=key, kind="choices" if many else "choice", order=order
        )
        Option.objects.bulk_create(
            Option(field=field, key=f"{key}_{n}", label=f"{key} {n}", order=n)
            for n in range(number)
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        for model, given, source in _ROWS:
            _insert(cursor, model, given, source, members)
        cursor.execute("ANALYZE")


def _insert(
    cursor: Any, model: type[Model], given: dict[str, str], source: str, members: int
) -> None:
    """A row of the model for each row of the source; what is not given is the field's default."""
    values: dict[str, Any] = {"members": members, "days": DAYS, "a_day": VISITS_A_DAY}
    columns = {}
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if column in given:
            columns[column] = given[column]
        elif field.primary_key:
            columns[column] = "gen_random_uuid()"
        elif not field.null:
            name = f"default_{column}"
            values[name] = field.get_db_prep_save(field.get_default(), connection)
            columns[column] = f"%({name})s"
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
        f" SELECT {', '.join(columns.values())} FROM {source}",
        values,
    )


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


_Rows = tuple[type[Model], dict[str, str], str]
_ROWS: tuple[_Rows, ...] = (
    (
        Person,
        {
            "username": "'p' || n",
            "email": "'p' || n || '@people.example'",
            "first_name": "'Ansel'",
            "last_name": "'Quill' || n",
            "is_mentor": "n %% 10 < 3",
            "is_mentee": "n %% 10 >= 3",
            "joined_at": "joined",
            "last_login": "joined + random() * (now() - joined)",
        },
        """generate_series(1, %(members)s) AS n CROSS JOIN LATERAL (
            SELECT now() - interval '1 day' * (n %% %(days)s + random())
        ) AS j (joined)""",
    ),
    (
        Profile,
        {
            "person_id": "id",
            "role": "CASE WHEN is_mentor THEN 'mentor' ELSE 'mentee' END",
            "answers": """jsonb_build_object(
                'areas_of_support', jsonb_build_array(
                    'areas_of_support_' || floor(random() * 6),
                    'areas_of_support_' || 6 + floor(random() * 6)
                ),
                'region', 'region_' || floor(random() * 12),
                'sector', 'sector_' || floor(random() * 10),
                'about', repeat('A few honest words. ', 20)
            )""",
            "complete": "random() < 0.85",
            "completed_at": "joined_at + interval '1 day'",
            "updated_at": "now()",
        },
        "accounts_person WHERE username <> 'staff'",
    ),
    (
        Listing,
        {
            "person_id": "person_id", "tokens": "''", "listed": "complete",
            "room": "(random() * 3)::int",
        },
        "profiles_profile WHERE role = 'mentor'",
    ),
    (
        Searcher,
        {"person_id": "id", "first_on": "joined_at::date", "last_on": "joined_at::date"},
        "accounts_person WHERE is_mentee AND random() < 0.7",
    ),
    (
        Mentorship,
        {
            "mentor_id": "mentor.id",
            "mentee_id": "mentee.id",
            "state": """(ARRAY[
                'active', 'completed', 'completed', 'ended', 'declined', 'lapsed',
                CASE WHEN random() < 0.05 THEN 'proposed' ELSE 'completed' END
            ])[1 + floor(random() * 7)]""",
            "area": "'areas_of_support_' || mentee.n %% 12",
            "statement": "repeat('A few honest words. ', 30)",
            "sent_at": "sent",
            "waiting_since": "sent",
            "changed_at": "sent + interval '9 days'",
            "answered_at": "sent + interval '1 day' * random() * 20",
        },
        """(
            SELECT id, joined_at, row_number() OVER () AS n FROM accounts_person WHERE is_mentee
        ) AS mentee
        CROSS JOIN generate_series(1, 2) AS turn
        JOIN (
            SELECT id, row_number() OVER () AS n, count(*) OVER () AS total
            FROM accounts_person WHERE is_mentor
        ) AS mentor ON mentor.n = 1 + (mentee.n * 7 + turn * 13) %% mentor.total
        CROSS JOIN LATERAL (
            SELECT mentee.joined_at + (now() - mentee.joined_at) * random() * 0.9
        ) AS s (sent)
        WHERE mentee.n %% 7 < 5""",
    ),
    (
        MentorshipStep,
        {
            "mentorship_id": "id", "action": "step.action", "before": "step.before",
            "after": "step.after", "role": "step.role", "at": "step.at",
        },
        """mentorships_mentorship CROSS JOIN LATERAL (VALUES
            ('send', '', 'proposed', 'mentee', sent_at, true),
            ('accept', 'proposed', 'active', 'mentor', answered_at,
                state IN ('active', 'completed', 'ended')),
            ('decline', 'proposed', 'declined', 'mentor', answered_at, state = 'declined'),
            ('complete', 'active', 'completed', 'mentee', answered_at + interval '90 days',
                state = 'completed')
        ) AS step (action, before, after, role, at, happened) WHERE step.happened""",
    ),
    (
        Meeting,
        {
            "mentorship_id": "id", "arranged_by_id": "mentee_id", "title": "'Talk'",
            "starts_at": "answered_at", "ends_at": "answered_at + interval '1 hour'",
            "time_zone": "'UTC'", "room_key": "id::text",
        },
        "mentorships_mentorship WHERE state IN ('completed', 'ended')",
    ),
    (
        DailyVisits,
        {"day": "current_date - n", "kind": "kind", "count": "%(a_day)s / 4"},
        """generate_series(0, %(days)s - 1) AS n
        CROSS JOIN unnest(ARRAY['guest', 'mentor', 'mentee', 'staff']) AS kind""",
    ),
)  # fmt: skip
