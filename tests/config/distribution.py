"""PostgreSQL and Redis as the distribution packages them, on ports and with passwords.

As root on Debian what is missing is installed. Elsewhere, where nothing can be installed, the
programs of our wheels stand in, on ports and with passwords as well.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from config.local import account, postgres, redis
from tests.servers import free_port, roomy

PATIENCE = 30.0


def _newest_postgres() -> Path | None:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[4])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def _install() -> None:
    """Ask the distribution for what is missing, without starting it as a service."""
    missing = [] if _newest_postgres() else ["postgresql"]
    missing += [] if shutil.which("redis-server") else ["redis-server"]
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        subprocess.run(["apt-get", "-qq", *words], env=quiet, check=True, stdout=subprocess.DEVNULL)


def _run_as(who: pwd.struct_passwd | None, *words: str | Path) -> None:
    done = subprocess.run(
        [str(word) for word in words],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        user=who.pw_uid if who else None,
        group=who.pw_gid if who else None,
        extra_groups=[] if who else None,
    )
    assert done.returncode == 0, done.stdout


@contextmanager
def running_postgres() -> Iterator[str]:
    """Out: the DATABASE_URL of a database whose owner is no superuser."""
    _install()
    # Not below pytest's own folder, which it closes to every account but ours.
    with tempfile.TemporaryDirectory(prefix="mentoring-", dir=roomy()) as folder:
        yield from _serving(Path(folder), account.unprivileged())


def _serving(folder: Path, who: pwd.struct_passwd | None) -> Iterator[str]:
    programs = _newest_postgres() or postgres._programs(who)
    data, port = folder / "postgres", free_port()
    root, member = secrets.token_hex(16), secrets.token_hex(16)
    password = folder / "password"
    password.write_text(root)
    if who is not None:
        for each in (folder, password):
            os.chown(each, who.pw_uid, who.pw_gid)
    _run_as(
        who, programs / "initdb", "-D", data, "-U", "root_of_tests", "--auth=scram-sha-256",
        f"--pwfile={password}", "--no-sync", "--encoding=UTF8", "--no-locale",
    )  # fmt: skip
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c fsync=off"
    pg_ctl = programs / "pg_ctl"
    _run_as(who, pg_ctl, "-D", data, "-l", data / "log", "-w", "-o", options, "start")
    try:
        where = f"127.0.0.1:{port}"
        with psycopg.connect(
            f"postgresql://root_of_tests:{root}@{where}/postgres", autocommit=True
        ) as server:
            server.execute(f"create role mentoring login password '{member}'")
            server.execute("create database mentoring owner mentoring")
        yield f"postgresql://mentoring:{member}@{where}/mentoring"
    finally:
        _run_as(who, pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Out: the REDIS_URL of a server with a password."""
    _install()
    program = shutil.which("redis-server") or str(redis._program())
    port, password = free_port(), secrets.token_hex(16)
    words = {
        "port": str(port), "bind": "127.0.0.1", "requirepass": password, "dir": str(folder),
        "save": "", "appendonly": "no",
    }  # fmt: skip
    process = subprocess.Popen(
        [program, *(word for name, value in words.items() for word in (f"--{name}", value))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    try:
        until = time.monotonic() + PATIENCE
        with Redis.from_url(url) as client:
            while time.monotonic() < until:
                with suppress(RedisError):
                    if client.ping():
                        break
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE)
