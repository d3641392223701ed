"""Backing up one institute: one snapshot of its schema, and its files, in one archive.

The archive is written into a file without a name, and kept under one when it is whole: a backup
that is killed leaves nothing. Source: issue text, "Back up and restore one institute".
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import connection, transaction

from core.kernel.clock import now
from tenants import deeds, upgrade
from tenants.backups import files, tables
from tenants.backups.archive import Contents, Writer
from tenants.backups.runs import Run, Tell, running
from tenants.context import platform_scope, schema_scope
from tenants.deeds import Operator
from tenants.errors import DeedRefused
from tenants.keeping import Backup, RunKind, RunOutcome
from tenants.models import Domain, Institute, Kind, State

TRIES = 3  # a file that is deleted while it is copied: once more, from a new snapshot


def back_up(
    institute: Institute,
    *,
    by: Operator,
    reason: str = "",
    to: Path | None = None,
    run_id: UUID | None = None,
    tell: Tell | None = None,
) -> Backup:
    """Back up an institute; out: the row of the archive that the platform keeps.

    In: `to` is a file that gets a copy. Raises DeedRefused while something else is done to it.
    """
    with running(RunKind.BACKUP, institute.slug, by=by, run_id=run_id, tell=tell) as run:
        made = keep(institute, run, by=by, reason=reason, to=to)
        run.note(backup=str(made.pk))
        run.close(RunOutcome.DONE, f"{made.rows:,} rows and {made.files:,} files are kept.")
    return made


def keep(
    institute: Institute, run: Run, *, by: Operator, reason: str, to: Path | None = None
) -> Backup:
    """Make the archive within a run that holds the lock, and keep it."""
    refuse_odd(institute)
    with tempfile.TemporaryFile(prefix="ithaca-") as out:
        found, digest = written(institute, out, run.step)
        size = out.tell()
        run.step("Keeping the archive", 1, 1)
        out.seek(0)
        stored_as = files.keep_archive(run.pk, out)
        try:
            if to is not None:
                _copied(out, to)
            with platform_scope(), transaction.atomic():
                made = Backup.objects.create(
                    institute=institute, institute_name=institute.name, slug=institute.slug,
                    stored_as=stored_as, size=size, sha256=digest, rows=found.rows,
                    files=len(found.files), files_bytes=found.files_bytes, reason=reason,
                    operator_name=by.full_name,
                )  # fmt: skip
                deeds.record(
                    "operator.backed_up", institute, by=by, backup=str(made.pk), rows=made.rows
                )
        except BaseException:
            files.forget_archive(stored_as)
            raise
    return made


def refuse_odd(institute: Institute) -> None:
    """Raises DeedRefused for what is not an institute with a schema."""
    if institute.kind != Kind.INSTITUTE:
        raise DeedRefused("The operators' own site is not backed up here: dump the database.")
    if institute.state not in (State.ACTIVE, State.SUSPENDED):
        raise DeedRefused(f"{institute.slug!r} is {institute.get_state_display().lower()}.")


def _copied(archive: BinaryIO, to: Path) -> None:
    part = to.with_name(f"{to.name}.part")
    try:
        archive.seek(0)
        with part.open("wb") as out:
            shutil.copyfileobj(archive, out)
        part.replace(to)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def written(institute: Institute, out: BinaryIO, tell: Tell) -> tuple[Contents, str]:
    """Write the archive of an institute; out: what is in it, and its SHA-256."""
    for left in reversed(range(TRIES)):
        out.seek(0)
        out.truncate()
        try:
            with snapshot(institute.schema_name):
                return _written(institute, out, tell)
        except FileNotFoundError:
            if not left:
                raise
    raise AssertionError


@contextmanager
def snapshot(schema_name: str) -> Iterator[None]:
    """Everything read in the block is read as of one moment. Raises RuntimeError in a transaction,
    and UpgradeRefused during an upgrade."""
    if connection.in_atomic_block:
        raise RuntimeError("a snapshot is taken outside transactions")
    with schema_scope(schema_name), transaction.atomic():
        tables.settle("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables.settle(tables.STEADY)
        upgrade.no_upgrade_meanwhile()
        yield


def _written(institute: Institute, out: BinaryIO, tell: Tell) -> tuple[Contents, str]:
    name = institute.schema_name
    there = tables.tables_of(name)
    if not there:
        raise DeedRefused(f"The schema of {institute.slug!r} is missing or empty.")
    stored = files.names_of(name)
    total = len(there) + len(stored)
    found = Contents(institute=described(institute, there))
    archive = Writer(out)
    _record(archive, "institute", lambda _: None, **found.institute)
    for at, table in enumerate(there):
        tell(f"Reading {table.name}", at, total)

        def rows(add: Callable[..., None], table: tables.Table = table) -> None:
            tables.copy_out(name, table, lambda row: add(row, rows=1))

        found.tables[table.name] = _record(archive, "table", rows, name=table.name)
    for at, file in enumerate(stored, len(there)):
        tell("Reading files", at, total)

        def content(add: Callable[..., None], file: str = file) -> None:
            files.read(name, file, add)

        found.files[file] = _record(archive, "file", content, name=file)
    found.sequences = tables.sequences_of(name)
    _record(archive, "end", lambda _: None, **_manifest(found))
    return found, archive.close(files.keys())


def _record(
    archive: Writer, kind: str, fill: Callable[[Callable[..., None]], None], **facts: Any
) -> Any:
    archive.head(kind, **{key: value for key, value in facts.items() if key != "kind"})
    fill(archive.write)
    return archive.end()


def _manifest(found: Contents) -> dict[str, Any]:
    return {
        "tables": {name: [one.size, one.sha256, one.rows] for name, one in found.tables.items()},
        "files": {name: [one.size, one.sha256, 0] for name, one in found.files.items()},
        "sequences": found.sequences,
    }


def described(institute: Institute, there: list[tables.Table]) -> dict[str, Any]:
    """What an archive says of its institute before the rows begin."""
    applied = upgrade.applied_in([institute.schema_name])[institute.schema_name] or frozenset()
    with platform_scope():
        domains = list(Domain.objects.filter(institute=institute).values_list("domain", flat=True))
    return {
        "id": str(institute.pk),
        "slug": institute.slug,
        "name": institute.name,
        "bundle": institute.bundle,
        "state": institute.state,
        "domains": domains,
        "made_at": now().isoformat(timespec="seconds"),
        "migrations": sorted([app, name] for app, name in applied),
        "tables": [table.described() for table in there],
    }


def fingerprint_of(schema_name: str) -> dict[str, Any]:
    """Rows and SHA-256 of every table and every file, for a receipt."""
    with snapshot(schema_name):
        there = tables.tables_of(schema_name)
        rows = {one.name: tables.measured(schema_name, one) for one in there}
    kept = {name: files.measured(schema_name, name) for name in files.names_of(schema_name)}
    return {
        "tables": {name: [one.rows, one.sha256] for name, one in rows.items()},
        "files": {name: [one.size, one.sha256] for name, one in kept.items()},
    }
