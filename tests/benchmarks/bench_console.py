"""The operators' list of two hundred institutes, and a dashboard among so many."""

from datetime import timedelta
from tempfile import TemporaryDirectory

from django.test import Client, override_settings
from django.urls import set_urlconf

from core.accounts.models import Person
from core.accounts.services import create_person
from core.kernel.clock import now
from core.visits.models import DailyVisits
from tenants import health
from tenants.bundles.applying import apply
from tenants.bundles.reading import load, shipped
from tenants.context import platform_scope, tenant_context
from tenants.hosts import forget_hosts
from tenants.models import Domain, Institute, Kind
from tenants.operators import provision_operators
from tenants.services import create_institute
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, Section, median, seconds

INSTITUTES, PEOPLE, DAYS, TURNS = 200, 50, 90, 20


def measure() -> Section:
    """Fill two hundred schemas; load the list by every order and filter, and one dashboard."""
    with (
        fresh_database("bench_console"),
        TemporaryDirectory() as files,
        override_settings(MEDIA_ROOT=files),
    ):
        institutes = [_made(number) for number in range(INSTITUTES)]
        site, _ = provision_operators()
        gathering = seconds(health.take_snapshots)
        console = _signed_in(site)
        pages = ["/", "/?page=2", "/?sort=visits", "/?sort=error", "/?q=guild", "/?trouble=mail"]
        listed = {path: _time_of(console, path) for path in pages}
        one = _time_of(console, "/institutes/guild-7/")
        walked = median([seconds(lambda: health.figures_of(institutes)) for _ in range(5)])
        dashboard = _time_of(_signed_in(institutes[7]), "/staff/")
    slowest = max(listed.values())
    return Section(
        name="console",
        title="Two hundred institutes on one machine",
        before="asking every schema",
        after="kept figures",
        comparisons=[
            Comparison(f"The list of {INSTITUTES} institutes, slowest order", walked, slowest, 3),
        ],
        limits=[
            Limit("The list, slowest of six orders and filters", slowest * 1000, 100, "ms"),
            Limit("One institute's page", one * 1000, 100, "ms"),
            Limit("Staff dashboard of one among them", dashboard * 1000, 100, "ms"),
            Limit(f"Gathering the figures of {INSTITUTES} institutes", gathering, 30, "s"),
        ],
        notes=[
            f"Server time of whole requests (middleware, queries, template) in one warm process, "
            f"medians of {TURNS}; {PEOPLE} members and {DAYS} days of visits in each institute.",
            "Asking every schema: the same figures read from the schemas, without drawing a page.",
        ],
    )


def _made(number: int) -> Institute:
    def fill(institute: Institute) -> None:
        if number == 7:
            apply(load(shipped("ciltuk")))
        Person.objects.bulk_create(
            Person(
                username=f"p{each}", email=f"p{each}@people.example", first_name="A",
                last_name=f"B{each}", is_mentee=True,
            )
            for each in range(PEOPLE)
        )  # fmt: skip
        today = now().date()
        DailyVisits.objects.bulk_create(
            DailyVisits(day=today - timedelta(days=day), kind=kind, count=day % 7 + number % 5)
            for day in range(DAYS)
            for kind in ("guest", "mentee")
        )

    return create_institute(slug=f"guild-{number}", name=f"Guild {number}", fill=fill)


def _signed_in(institute: Institute) -> Client:
    with platform_scope():
        host = Domain.objects.get(institute=institute, is_primary=True).domain
    client = Client(headers={"host": host})
    with tenant_context(institute):
        person = create_person(
            username="head", email="head@people.example", first_name="H", last_name="D",
            is_staff=True, is_superuser=institute.kind == Kind.INSTITUTE,
        )  # fmt: skip
        client.force_login(person)
    return client


def _time_of(client: Client, path: str) -> float:
    """The median server time of a page that works."""
    forget_hosts()
    answer = client.get(path)
    set_urlconf(None)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return median([seconds(lambda: client.get(path)) for _ in range(TURNS)])
