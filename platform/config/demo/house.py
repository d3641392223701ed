"""Servers, tables, institutes and people: everything that has to be there before pages are."""

import itertools
import os
import shutil
import socket
from collections.abc import Callable
from contextlib import closing

import psycopg
from django.conf import settings
from django.db import connections
from redis import Redis
from redis.exceptions import RedisError

from config import env
from config.demo import people
from config.demo.society import place as society
from config.local import places, postgres, redis
from config.local.problems import ServerUnavailable, full, said
from tenants import health
from tenants.bundles.reading import shipped_names
from tenants.context import platform_scope
from tenants.models import Institute, Kind
from tenants.operators import add_operator, provision_operators
from tenants.provision import provision
from tenants.upgrade import migrate_all

OPERATOR = "operator"
NEEDED_BYTES = 300 * 1024 * 1024
FULL_BYTES = 1024 * 1024
Tell = Callable[[str, int, int], None]


def check_room() -> None:
    """Errors: ``ServerUnavailable`` when port or disk forbid a start, before anything is made."""
    chosen = env.current()
    _check_port(chosen.bind, chosen.port, "choose another one with ITHACA_PORT")
    _check_port(
        chosen.bind, society.port(), "choose ITHACA_PORT so that the port after it is free, too"
    )
    state = places.state_folder()
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise said(problem, state) from None
    if chosen.database is None and shutil.disk_usage(state).free < NEEDED_BYTES:
        raise full(state)


def _check_port(bind: str, port: int, advice: str) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except (OSError, OverflowError) as problem:
            why = (getattr(problem, "strerror", None) or "refused").lower()
            raise ServerUnavailable(
                f"Port {port} of {bind} cannot be used ({why}): end what runs there, or {advice}."
            ) from None


def start_servers() -> None:
    """Start the embedded servers, or reach those that the environment names.

    Errors: ``ServerUnavailable`` with the sentence to show.
    """
    if env.current().database is None:
        postgres.start(places.postgres("demo"))
    _ensure_database()
    if env.current().redis is None:
        redis.start(places.redis("demo"))
    try:
        with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as client:
            client.ping()
    except RedisError as problem:
        raise ServerUnavailable(f"Redis cannot be reached: {problem}.") from None


def stop_servers() -> None:
    """Stop the embedded servers; others are left alone."""
    connections.close_all()
    if env.current().redis is None:
        redis.stop(places.redis("demo"))
    if env.current().database is None:
        postgres.stop(places.postgres("demo"))


def forget() -> None:
    """Throw the demo's data away.

    Errors: ``ServerUnavailable`` when the data is on a server that is not the demo's own.
    """
    if env.current().database is not None:
        raise ServerUnavailable(
            "The demo's data is on the server that DATABASE_URL names: drop that database yourself."
        )
    postgres.forget(places.postgres("demo"))
    redis.forget(places.redis("demo"))
    shutil.rmtree(places.state_folder() / "demo", ignore_errors=True)


def is_disk_full(problem: Exception) -> bool:
    """Whether this came of a full disk: said by the system, by PostgreSQL, or in its log."""
    words = "No space left on device"
    if words in str(problem) or shutil.disk_usage(places.state_folder()).free < FULL_BYTES:
        return True
    log = places.postgres("demo").data / "server.log"
    return env.current().database is None and log.exists() and words in log.read_text()


def _ensure_database() -> None:
    chosen = settings.DATABASES["default"]
    parts = {
        "user": chosen["USER"] or None,
        "password": chosen["PASSWORD"] or None,
        "host": chosen["HOST"] or None,
        "port": chosen["PORT"] or None,
        **{name: value for name, value in chosen["OPTIONS"].items() if name == "sslmode"},
    }
    try:
        try:
            psycopg.connect(dbname=chosen["NAME"], connect_timeout=10, **parts).close()
        except psycopg.OperationalError as problem:
            if "does not exist" not in str(problem):
                raise
            with psycopg.connect(dbname="postgres", autocommit=True, **parts) as server:
                server.execute(
                    psycopg.sql.SQL("create database {}").format(
                        psycopg.sql.Identifier(chosen["NAME"])
                    )
                )
    except psycopg.Error as problem:
        reason = " ".join(str(problem).split())
        raise ServerUnavailable(f"PostgreSQL cannot be reached: {reason}.") from None


def furnish(tell: Tell, size: people.Size = people.FULL) -> list[Institute]:
    """Tables, operators, institutes and people; what is there already is left as it is.

    In: ``tell(what, done, total)`` is called as work goes on. Out: the institutes with a bundle.
    """
    tell("Tables", 0, 1)
    report = migrate_all()
    if report.failed:
        slug, reason = sorted(report.failed.items())[0]
        raise ServerUnavailable(f"The institute {slug} could not be upgraded: {reason}")
    tell("Tables", 1, 1)
    _operators()
    names = shipped_names()
    with platform_scope():
        there = set(Institute.objects.values_list("bundle", flat=True))
    for number, name in enumerate(names):
        tell("Institutes", number, len(names))
        if name not in there:
            provision(name)
    tell("Institutes", len(names), len(names))
    with platform_scope():
        institutes = list(
            Institute.objects.filter(kind=Kind.INSTITUTE, bundle__in=names).order_by("slug")
        )
    for number, institute in enumerate(institutes):
        _people_of(institute, number, len(institutes), tell, size)
    health.take_snapshots(files=True)
    return institutes


def _people_of(institute: Institute, number: int, of: int, tell: Tell, chosen: people.Size) -> None:
    size = chosen.steps
    made = itertools.count(number * size + 1)
    tell("People", number * size, of * size)
    people.populate(institute, lambda: tell("People", next(made), of * size), size=chosen)
    tell("People", (number + 1) * size, of * size)


def _operators() -> None:
    provision_operators()
    add_operator(
        username=OPERATOR,
        email="operator@operators.example",
        password=people.PASSWORD,
        first_name="Olwen",
        last_name="Operator",
    )


def child_environment() -> dict[str, str]:
    """Out: the environment of web server, worker and clock: the present one, settings named."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.demo"}
