"""The embedded servers start, keep their word, and say in one sentence why they cannot."""

import os
import pwd
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from config.demo import house
from config.env import Environment
from config.local import account, places, postgres, redis
from config.local.problems import ServerUnavailable


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that every account may pass through."""
    with tempfile.TemporaryDirectory(prefix="mentoring-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def database(folder: Path) -> Iterator[places.Postgres]:
    """A place for a PostgreSQL that keeps its word."""
    place = places.Postgres(folder / "state" / "postgres", folder / "sockets", durable=True)
    yield place
    postgres.stop(place)


def test_postgresql_keeps_what_was_committed_over_a_stop(database: places.Postgres) -> None:
    postgres.start(database)
    with psycopg.connect(database.url("postgres"), autocommit=True) as line:
        line.execute("create table kept (word text)")
        line.execute("insert into kept values ('here')")
        assert line.execute("show fsync").fetchone() == ("on",)
        assert line.execute("show listen_addresses").fetchone() == ("",)
    postgres.stop(database)
    assert not postgres.running(database)
    postgres.start(database)
    with psycopg.connect(database.url("postgres")) as line:
        assert line.execute("select word from kept").fetchone() == ("here",)


def test_many_who_start_postgresql_at_once_share_one(database: places.Postgres) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: postgres.start(database), range(6)))
    with psycopg.connect(database.url("postgres")) as line:
        assert line.execute("select 1").fetchone() == (1,)


def test_postgresql_starts_again_after_it_was_killed(database: places.Postgres) -> None:
    postgres.start(database)
    pid = int((database.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, 9)
    while postgres.running(database):
        continue
    postgres.start(database)
    with psycopg.connect(database.url("postgres")) as line:
        assert line.execute("select 1").fetchone() == (1,)


def test_redis_keeps_what_it_was_told_over_a_stop(folder: Path) -> None:
    place = places.Redis(folder / "redis", folder / "s.sock", durable=True)
    redis.start(place)
    with Redis.from_url(place.url()) as client:
        client.set("word", "here")
    redis.stop(place)
    assert not redis.running(place)
    redis.start(place)
    with Redis.from_url(place.url()) as client:
        assert client.get("word") == b"here"
    redis.stop(place)


def test_taken_port_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr("config.env.current", lambda: Environment(port=port))
        with pytest.raises(ServerUnavailable, match=rf"^Port {port} of 127.0.0.1 cannot be used"):
            house.check_room()


def test_missing_program_is_told_in_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(postgres, "WHEEL", "no_such_wheel")
        patched.setattr(redis, "WHEEL", "no_such_wheel")
        with pytest.raises(ServerUnavailable, match=r"^There is no PostgreSQL here: "):
            postgres.start(places.Postgres(folder / "a" / "b", folder / "c", durable=True))
        with pytest.raises(ServerUnavailable, match=r"^There is no Redis here: "):
            redis.start(places.Redis(folder / "a", folder / "s.sock", durable=True))


def test_full_disk_is_told_in_one_sentence(
    folder: Path, database: places.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = folder / "programs"
    programs.mkdir()
    initdb = programs / "initdb"
    initdb.write_text(
        "#!/bin/sh\necho 'initdb: error: could not write: No space left on device'\nexit 1\n"
    )
    initdb.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setattr(postgres, "_programs", lambda who: programs)
        with pytest.raises(ServerUnavailable, match=r"^The disk is full: .*Make room"):
            postgres.start(database)
    assert not database.data.exists()


def test_server_that_cannot_start_says_why(
    database: places.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(postgres.COMMON, "shared_buffers", "nonsense")
        with pytest.raises(ServerUnavailable, match=r"^PostgreSQL did not start in .*nonsense"):
            postgres.start(database)
    postgres.start(database)
    assert postgres.running(database)


def test_sockets_have_short_addresses_wherever_the_checkout_lies() -> None:
    assert len(str(places.socket_folder("demo") / ".s.PGSQL.5432")) < 100


def test_folder_that_the_account_of_postgresql_cannot_reach_is_seen(folder: Path) -> None:
    somebody = pwd.struct_passwd(("somebody", "x", 54321, 54321, "", "/", ""))
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    assert not account.can_reach(somebody, closed / "state" / "postgres")
    assert account.can_reach(somebody, folder / "state")
    assert account.can_reach(None, closed / "state")


def test_programs_out_of_reach_are_copied_to_where_they_run(
    folder: Path, database: places.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = folder / "servers"
    servers.mkdir(mode=0o755)
    reached = account.can_reach
    monkeypatch.setattr(places, "servers_folder", lambda: servers)
    monkeypatch.setattr(
        account, "can_reach", lambda who, at: at.is_relative_to(folder) and reached(who, at)
    )
    postgres.start(database)
    with psycopg.connect(database.url("postgres")) as line:
        assert line.execute("select 1").fetchone() == (1,)
    assert (servers / "packages" / "complete").exists()
    postgres.stop(database)
