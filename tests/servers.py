"""The servers of a test run: embedded ones, or those that DATABASE_URL and REDIS_URL name."""

import fcntl
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg import sql

from config import env
from config.local import places, postgres, redis

LEFT_OVER = "test_%"
MEMORY, ROOM = Path("/dev/shm"), 3 * 1024**3


def free_port() -> int:
    """Out: a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_pair() -> int:
    """Out: a free port whose next one is free as well, for a demo with its society."""
    while True:
        port = free_port()
        with socket.socket() as probe, suppress(OSError, OverflowError):
            probe.bind(("127.0.0.1", port + 1))
            return port


@contextmanager
def running_postgres() -> Iterator[None]:
    """PostgreSQL for the time of the block. The last of all runs on this machine stops it."""
    if env.current().database is not None:
        yield
        return
    place = _place()
    postgres.start(place)
    with (place.data.parent / "users.lock").open("w") as users:
        if _alone(users.fileno()):
            _drop_left_over(place)
        fcntl.flock(users, fcntl.LOCK_SH)
        postgres.start(place)
        try:
            yield
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if _alone(users.fileno()):
                postgres.stop(place)


def _place() -> places.Postgres:
    """Out: where the server's data lie: in memory where there is room. A database is thousands of
    files, and on some disks making and dropping a copy takes twenty times as long."""
    place = places.postgres("tests")
    quick = replace(place, data=MEMORY / place.socket_folder.name / "postgres")
    if postgres.running(place):
        return place
    return quick if (quick.data / "PG_VERSION").exists() or roomy() else place


def roomy() -> Path | None:
    """Out: a folder in memory that has room for databases, for those who make a folder of theirs
    in it; None where there is none."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def _alone(lock: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _drop_left_over(place: places.Postgres) -> None:
    """What runs that were killed left behind."""
    with psycopg.connect(place.url("postgres"), autocommit=True) as server:
        rows = server.execute("select datname from pg_database where datname like %s", [LEFT_OVER])
        for (name,) in rows.fetchall():
            server.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )
    for files in (places.state_folder() / "tests" / "files").glob(LEFT_OVER.replace("%", "*")):
        shutil.rmtree(files, ignore_errors=True)


@contextmanager
def running_redis(number: int) -> Iterator[str]:
    """Out: the address of a Redis of this process alone (a real server lends one database)."""
    chosen = env.current().redis
    if chosen is not None:
        yield chosen.cache_url if number == 0 else f"{chosen.cache_url.rpartition('/')[0]}/{number}"
        return
    with tempfile.TemporaryDirectory(prefix="mentoring-", ignore_cleanup_errors=True) as folder:
        place = places.Redis(
            data=Path(folder), socket=Path(folder) / f"{secrets.token_hex(3)}.sock", durable=False
        )
        redis.start(place)
        try:
            yield place.url()
        finally:
            redis.stop(place)
