"""Servers, a database a run, and the two institutes that every test may use."""

import gc
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection, transaction
from django.template.base import Template
from django.template.context import Context
from django.test import Client
from django.test.signals import template_rendered
from django.utils.safestring import SafeString
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from core.accounts.models import Person
from tenants.context import platform_scope, tenant_context
from tenants.hosts import forget_hosts
from tenants.models import Domain, Institute
from tests import database, peopled, servers

MemberClient = Callable[..., Client]


def _run(config: pytest.Config) -> tuple[str, int]:
    """Out: a mark that all processes of this run share, and the number of this process."""
    lent = getattr(config, "workerinput", None)
    if lent is not None:
        return str(lent["testrunuid"])[:12], int(str(lent["workerid"]).removeprefix("gw"))
    if not hasattr(config, "_own_run"):
        uid = getattr(config.option, "testrunuid", None) or secrets.token_hex(6)
        config._own_run = uid[:12]  # type: ignore[attr-defined]
    return config._own_run, 0  # type: ignore[attr-defined]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite-ledger` writes down anew what each page costs."""
    parser.addoption("--rewrite-ledger", action="store_true", help="write ledger.json anew")


# Whoever tests beside others takes the long files first, so that no process idles at the end. The
# first has the template made; what needs none goes on meanwhile.
LONG_FIRST = (
    "browser/test_accessible.py", "config/test_demo.py", "config/test_production.py",
    "browser", "isolation", "journeys", "tenants", "config",
)  # fmt: skip


BROWSER = "tests/browser/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take minutes come before those that take seconds."""
    places = {name: place for place, name in enumerate(LONG_FIRST)}

    def place(item: pytest.Item) -> int:
        file = item.path.relative_to(Path(__file__).parent)
        return places.get(file.as_posix(), places.get(file.parts[0], len(places)))

    items.sort(key=place)


class OneSite(LoadFileScheduling):  # type: ignore[misc]  # it is untyped
    """Processes take files, and one of them all that a browser walks: one site, one Chromium."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return BROWSER if file.startswith(BROWSER) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneSite | None:
    """``--dist loadfile`` means this."""
    return OneSite(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """What is imported by now stays: searching it for what may go took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave nothing on a server that is not ours."""
    if not hasattr(session.config, "workerinput"):
        run, _ = _run(session.config)
        if getattr(session.config, "_built", False) or session.config.getoption("numprocesses", 0):
            database.forget_template(run)


@pytest.fixture(scope="session", autouse=True)
def _pages_alone_are_told(django_test_environment: None) -> None:
    """Django copies the context of each part of a page for `response.context`, which took a tenth
    of the time. Tests ask for that of the page, and the parts of it stand in that."""

    def rendered(template: Template, context: Context) -> SafeString:
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = rendered  # type: ignore[attr-defined]  # Django puts its own back at the end


@pytest.fixture(scope="session", autouse=True)
def redis_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of this process's Redis; the cache lives there."""
    _, number = _run(request.config)
    with servers.running_redis(number) as url:
        django_settings.CACHES["default"]["LOCATION"] = url
        with suppress(AttributeError):  # a test module that imports `cache` has made it already
            del caches["default"]
        yield url
        caches.close_all()


@pytest.fixture(scope="session")
def template_name(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker, redis_url: str
) -> Iterator[str]:
    """The database that holds what every test finds."""
    run, _ = _run(request.config)
    with servers.running_postgres(), django_db_blocker.unblock():
        request.config._built = True  # type: ignore[attr-defined]
        yield database.template(run)


@pytest.fixture(scope="session")
def peopled_name(
    request: pytest.FixtureRequest, template_name: str, django_db_blocker: DjangoDbBlocker
) -> str:
    """The database in which each institute has a few generated people."""
    run, _ = _run(request.config)
    with django_db_blocker.unblock():
        return peopled.template(run, template_name)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, template_name: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A copy of the template for this process, dropped at the end."""
    run, number = _run(request.config)
    with (
        django_db_blocker.unblock(),
        database.copied(f"test_{run}_{number}", source=template_name),
    ):
        yield
    database.forget_files()


@pytest.fixture
def _own_copy(
    django_db_setup: None, template_name: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database for one test that commits."""
    with django_db_blocker.unblock():
        yield from _copied(template_name)


@pytest.fixture
def peopled_copy(
    django_db_setup: None, peopled_name: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database for one test in which each institute has a few generated people."""
    with django_db_blocker.unblock():
        yield from _copied(peopled_name)


def _copied(source: str) -> Iterator[None]:
    name = f"test_own_{secrets.token_hex(6)}"
    with database.copied(name, source=source):
        forget_hosts()
        yield
    forget_hosts()


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest) -> None:
    """A test that commits (``transaction=True``, live server) gets a database of its own, which
    is thrown away: flushing tables knows nothing of schemas. Every other test is rolled back."""
    mark = request.node.get_closest_marker("django_db")
    commits = bool(mark and (mark.kwargs.get("transaction") or (mark.args and mark.args[0])))
    if "peopled_copy" in request.fixturenames:
        request.getfixturevalue("peopled_copy")
    elif commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("_own_copy")
    else:
        request.getfixturevalue("_rolled_back")


@pytest.fixture
def _rolled_back(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), database.own_files(), database.nothing_committed():
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]  # a durable block may be the outermost of the test
        with atomic:
            yield
            if not connection.needs_rollback and connection.is_usable():
                with platform_scope():
                    connection.check_constraints()
            transaction.set_rollback(True)
    forget_hosts()


@pytest.fixture(autouse=True)
def _empty_cache(redis_url: str) -> Iterator[None]:
    """No test finds what another one left in the cache."""
    yield
    caches["default"].clear()


def _institute(slug: str) -> Institute:
    with platform_scope():
        return Institute.objects.get(slug=slug)


@pytest.fixture
def ciltuk(db: None) -> Institute:
    """The institute of the bundle ``ciltuk``: it says "request"."""
    return _institute("ciltuk")


@pytest.fixture
def guided(db: None) -> Institute:
    """The institute of the bundle ``guided``: it says "proposal"."""
    return _institute("guided")


@pytest.fixture
def inside() -> Callable[[Institute], AbstractContextManager[Institute]]:
    """``with inside(ciltuk): ...`` puts an institute in force."""
    return tenant_context


@pytest.fixture
def member_client(client: Client) -> MemberClient:
    """``member_client(institute, person=None, **options)`` → a test client on the right host."""

    def made(institute: Institute, person: Person | None = None, **options: Any) -> Client:
        with platform_scope():
            host = Domain.objects.get(institute=institute, is_primary=True).domain
        browser = Client(headers={"host": host}, **options)
        if person is not None:
            with tenant_context(institute):
                browser.force_login(person, backend=django_settings.AUTHENTICATION_BACKENDS[0])
        return browser

    return made
