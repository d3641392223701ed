"""A database a run: built once into a template, copied for every process that tests.

The template is kept between runs under a name that says what it was built from, so a run whose
sources did not change starts with a copy. On a server that DATABASE_URL names nothing is kept.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from config import env
from config.local import places
from tests.institutes import provision_all

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("core", "tenants", "theming", "platform")
LOCK = 7_205_759
KEPT = 3
_templates: list[str] = []  # of this process, the newest last
Seen = dict[str, tuple[int, int]]
_unchanged: dict[Path, list[tuple[Path, Seen]]] = {}  # copies of files, by what they are copies of


def digest() -> str:
    """Out: a short mark of everything that the template is built from."""
    total = hashlib.sha256()
    for name in ("institutes.py", "database.py"):
        total.update((ROOT / "tests" / name).read_bytes())
    for source in SOURCES:
        for file in sorted((ROOT / source).rglob("*")):
            if file.suffix in {".py", ".yaml", ".md", ".svg"} and file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return total.hexdigest()[:16]


def use(name: str) -> None:
    """Point this process's connections at another database of the same server."""
    connections[DEFAULT_DB_ALIAS].close()
    connections.settings[DEFAULT_DB_ALIAS]["NAME"] = name
    connections[DEFAULT_DB_ALIAS].settings_dict["NAME"] = name


def _server() -> psycopg.Connection[Any]:
    chosen = connections.settings[DEFAULT_DB_ALIAS]
    return psycopg.connect(
        dbname="postgres",
        user=chosen["USER"] or None,
        password=chosen["PASSWORD"] or None,
        host=chosen["HOST"] or None,
        port=chosen["PORT"] or None,
        autocommit=True,
    )


def files_of(name: str) -> Path:
    """Where the files of the institutes in this template lie; copies of the template share them."""
    return places.state_folder() / "tests" / "files" / name


def _exists(server: psycopg.Connection[Any], name: str) -> bool:
    found = server.execute("select datistemplate from pg_database where datname = %s", [name])
    row = found.fetchone()
    return bool(row and row[0])


def template(run: str) -> str:
    """Out: the name of a complete template, built now if need be."""
    kept = env.current().database is None
    name = f"template_{digest()}" if kept else f"template_{run}"
    _templates.append(name)
    with _server() as server:
        server.execute("select pg_advisory_lock(%s)", [LOCK])
        # A checkout that was deleted took the files along; the database lies in memory.
        if not (_exists(server, name) and files_of(name).is_dir()):
            _drop(server, name)
            server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            use(name)
            settings.MEDIA_ROOT = str(files_of(name))
            try:
                provision_all()
            except BaseException:
                use("postgres")
                _drop(server, name)
                raise
            use("postgres")
            _mark(server, name, is_template=True)
            if kept:
                _drop_old(server)
    settings.MEDIA_ROOT = ""  # who stores a file has a copy of the template's: see own_files
    return name


def _mark(server: psycopg.Connection[Any], name: str, *, is_template: bool) -> None:
    words = "alter database {} with is_template " + ("true" if is_template else "false")
    server.execute(sql.SQL(words).format(sql.Identifier(name)))
    note = sql.SQL("comment on database {} is {}")
    server.execute(note.format(sql.Identifier(name), sql.Literal(str(time.time()))))


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    if _exists(server, name):
        _mark(server, name, is_template=False)
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
    shutil.rmtree(files_of(name), ignore_errors=True)


def _drop_old(server: psycopg.Connection[Any]) -> None:
    rows = server.execute(
        "select datname from pg_database where datname like 'template\\_%%' and datistemplate"
        " order by shobj_description(oid, 'pg_database') desc offset %s",
        [KEPT],
    )
    for (name,) in rows.fetchall():
        _drop(server, name)


def forget_template(run: str) -> None:
    """Drop what this run alone has, on a server that is not ours."""
    if env.current().database is not None:
        with _server() as server:
            _drop(server, f"template_{run}")
            _drop(server, f"test_peopled_{run}")


@contextmanager
def nothing_committed() -> Iterator[None]:
    """Long runs keep their record over a connection of their own, which no rollback reaches: a
    test that begins one has to be marked ``django_db(transaction=True)``."""
    before = _runs()
    yield
    assert _runs() == before, "the test committed a run: mark it django_db(transaction=True)"


def _runs() -> int:
    from tenants.context import platform_scope  # Django has to be set up first

    with platform_scope(), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "select (select count(*) from public.tenants_provisionrun)"
            " + (select count(*) from public.tenants_platformrun)"
        )
        (found,) = cursor.fetchone()
    return int(found)


@contextmanager
def own_files(source: str | None = None) -> Iterator[None]:
    """The files of a template's institutes, copied for one test: files know no rollback. A copy
    that nobody changed is lent again."""
    before = settings.MEDIA_ROOT
    # Not what the setting says: a test that sets settings may leave another test's folder there.
    files = files_of(source or _templates[-1])
    free = _unchanged.setdefault(files, [])
    folder, seen = free.pop() if free else _files_copied(files)
    settings.MEDIA_ROOT = str(folder / "files")
    try:
        yield
    finally:
        settings.MEDIA_ROOT = before
        if _all_in(folder) == seen:
            free.append((folder, seen))
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _files_copied(files: Path) -> tuple[Path, Seen]:
    folder = Path(tempfile.mkdtemp(prefix="mentoring-"))
    if files.is_dir():
        shutil.copytree(files, folder / "files")
    return folder, _all_in(folder)


def _all_in(folder: Path) -> Seen:
    """Out: each file and folder, when it was written and how long it is."""
    seen: Seen = {}
    for inside, folders, names in os.walk(folder):
        seen |= {os.path.join(inside, name): (0, 0) for name in folders}  # noqa: PTH118 - after each test
        for name in names:
            path = os.path.join(inside, name)  # noqa: PTH118
            told = os.lstat(path)
            seen[path] = (told.st_mtime_ns, told.st_size)
    return seen


def forget_files() -> None:
    """Remove the copies that are kept to be lent again."""
    for free in _unchanged.values():
        while free:
            shutil.rmtree(free.pop()[0], ignore_errors=True)


def _how_to_copy() -> str:
    """Out: words for ``create database``. Our own server is forgetful: files are copied faster
    than pages are logged, about 0.1 s instead of 0.3."""
    return " strategy file_copy" if env.current().database is None else ""


def address(name: str) -> str:
    """Out: the DATABASE_URL of a database on the server of this run."""
    chosen = connections.settings[DEFAULT_DB_ALIAS]
    host, port = chosen["HOST"], chosen["PORT"] or 5432
    where, query = (
        ("", f"?{urlencode({'host': host})}") if host.startswith("/") else (f"{host}:{port}", "")
    )
    who = f"{quote(chosen['USER'])}:{quote(chosen['PASSWORD'])}"
    return f"postgresql://{who}@{where}/{name}{query}"


@contextmanager
def made_once(name: str, *, source: str) -> Iterator[str | None]:
    """In the block: the name of a copy of `source` to be worked on, which then gets its `name`;
    None when another process has made it. Whoever asks meanwhile waits."""
    raw = f"test_raw_{secrets.token_hex(6)}"
    with _server() as server:
        server.execute("select pg_advisory_lock(%s)", [LOCK + 1])
        found = server.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if found:
            yield None
            return
        _copy(server, raw, source)
        try:
            yield raw
        except BaseException:
            _drop(server, raw)
            raise
        words = sql.SQL("alter database {} rename to {}")
        server.execute(words.format(sql.Identifier(raw), sql.Identifier(name)))


def _copy(server: psycopg.Connection[Any], name: str, source: str) -> None:
    server.execute("select pg_advisory_lock_shared(%s)", [LOCK])
    words = sql.SQL("create database {} template {}" + _how_to_copy())
    server.execute(words.format(sql.Identifier(name), sql.Identifier(source)))
    server.execute("select pg_advisory_unlock_shared(%s)", [LOCK])


@contextmanager
def lent(name: str, *, source: str) -> Iterator[str]:
    """The address of a copy of `source` for another process, dropped afterwards."""
    with _server() as server:
        _copy(server, name, source)
    try:
        yield address(name)
    finally:
        with _server() as server:
            _drop(server, name)


@contextmanager
def copied(name: str, *, source: str) -> Iterator[str]:
    """A copy of the template and its files, in use by this process for the block, then dropped."""
    before = connections.settings[DEFAULT_DB_ALIAS]["NAME"]
    with _server() as server:
        _copy(server, name, source)
    use(name)
    try:
        with own_files(source):
            yield name
    finally:
        connections.close_all()
        use(before)
        with _server() as server:
            _drop(server, name)
