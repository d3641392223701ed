"""Restoring one institute from an archive: in its place, or as another one.

The restored institute gets a schema of its own. Rows, files, the check of every digest and the
change of schema are one transaction, so a restore that is killed leaves what was there before;
only then is the former schema given up. Members sign in again, links in older mails are no longer
good, and no mail that waited in the archive is sent. Whoever was erased since the archive was made
is erased again. Source: issue text, "Back up and restore".
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import SEEK_SET
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from core.kernel.clock import now
from core.kernel.models import Job, JobState, MailState, OutboxMail, Paper, PaperState
from core.membership.models import Feed, Key, Token
from tenants import contents, deeds, ledger, recording, services, upgrade
from tenants.backups import archive, files, structure, tables
from tenants.backups.archive import BackupRefused, Body, Contents
from tenants.backups.retiring import retire
from tenants.backups.runs import Run, Tell, running
from tenants.context import platform_scope, schema_scope, tenant_context
from tenants.deeds import Operator
from tenants.errors import NameTaken
from tenants.hosts import forget_hosts
from tenants.keeping import Deletion, DeletionState, RunKind, RunOutcome
from tenants.models import Domain, Institute, Kind, State
from tenants.services import set_state
from tenants.storage import forget_files

NOT_SENT = "Not sent: the institute was restored from a backup."
_SETTLED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
IN_MEMORY = 4 * 1024 * 1024


@dataclass
class Restored:
    """What came of it. Every table and every file was compared with the archive."""

    institute: Institute
    is_new: bool
    found: Contents
    upgraded: int = 0
    sessions: int = 0
    mails: int = 0
    erased: int = 0

    def __str__(self) -> str:
        told = (
            f"{self.found.rows:,} rows in {len(self.found.tables)} tables and "
            f"{len(self.found.files):,} files are equal to the archive. "
            f"{self.sessions:,} sessions ended; {self.mails:,} waiting mails are not sent."
        )
        if self.upgraded:
            told += f" {self.upgraded} migrations were applied."
        if self.erased:
            told += f" {self.erased:,} erased since were erased again."
        return told


def restore(
    source: BinaryIO,
    *,
    by: Operator,
    slug: str | None = None,
    name: str | None = None,
    opens: bool = False,
    sealed_elsewhere: bool = False,
    run_id: UUID | None = None,
    tell: Tell | None = None,
) -> Restored:
    """Restore an institute; out: what came of it.

    In: `slug` is the short name to restore as, the archive's own unless given; an institute of
    that name is replaced when the archive is its own, and is suspended meanwhile. A new one stays
    suspended unless `opens`: its clock would write to members who have the same account elsewhere.
    Raises BackupRefused, NameRefused, NameTaken, DeedRefused and UpgradeRefused before anything is
    touched.
    """
    wanted = slug or _own_slug(_institute_in(source))
    about = {"slug": wanted}
    with running(RunKind.RESTORE, wanted, by=by, about=about, run_id=run_id, tell=tell) as run:
        run.step("Checking the archive", 0, 1)
        found = archive.check(source, files.keys(), sealed_elsewhere=sealed_elsewhere)
        applied = _migrations_in(found)
        lacking = structure.missing(applied)
        there = _target(wanted, found)
        done = _restored(
            source, found, there, run, slug=wanted, name=name, opens=opens, by=by, lacking=lacking
        )
        run.note(
            rows=found.rows, upgraded=done.upgraded, sessions=done.sessions, mails=done.mails,
            tables={key: [one.rows, one.sha256] for key, one in found.tables.items()},
            files=len(found.files), institute=str(done.institute.pk),
        )  # fmt: skip
        run.close(RunOutcome.DONE, str(done))
    return done


def _institute_in(source: BinaryIO) -> dict[str, Any]:
    """The first record of an archive, before it is checked."""
    source.seek(0)
    if not source.read(len(archive.MAGIC)).startswith(archive.FAMILY):
        raise BackupRefused("This is no archive of an institute.")
    for head, _ in archive.records(source):
        return head
    raise BackupRefused("This archive is empty.")


def _own_slug(said: dict[str, Any]) -> str:
    """The short name that the archive's own institute has by now, or had."""
    with platform_scope(), suppress(ValidationError):
        own = Institute.objects.filter(pk=str(said.get("id"))).first()
        if own is not None:
            return own.slug
    return str(said.get("slug", ""))


def _migrations_in(found: Contents) -> structure.Applied:
    return frozenset((str(app), str(name)) for app, name in found.institute["migrations"])


def _target(slug: str, found: Contents) -> Institute | None:
    """The institute that is replaced; None for a new one. Raises NameRefused and NameTaken."""
    with platform_scope():
        there = Institute.objects.filter(slug=slug).first()
    if there is None:
        services.checked_names(slug)
        return None
    if there.kind != Kind.INSTITUTE or str(there.pk) != found.institute["id"]:
        raise NameTaken(
            f"There is an institute {slug!r} already, and this archive is not of it: restore it "
            "under another short name."
        )
    if there.state == State.PREPARING:
        raise NameTaken(f"{slug!r} is being prepared at this moment.")
    return there


def _restored(
    source: BinaryIO,
    found: Contents,
    there: Institute | None,
    run: Run,
    *,
    slug: str,
    name: str | None,
    opens: bool,
    by: Operator,
    lacking: int,
) -> Restored:
    schema_name = run.reserve_schema()
    if there is None:
        former, state = None, State.ACTIVE if opens else State.SUSPENDED
    else:
        former, state = there.schema_name, State(there.state)
        if state == State.DELETED:
            state = State.ACTIVE if opens else State.SUSPENDED
        elif state == State.ACTIVE:
            run.note(reopen=True)
            set_state(there, State.SUSPENDED)
    institute = there or Institute(
        pk=_free_key(found),
        slug=slug,
        name=name or str(found.institute["name"]),
        bundle=str(found.institute["bundle"]),
    )
    done = Restored(institute, there is None, found)
    try:
        with schema_scope(schema_name), transaction.atomic():
            upgrade.no_upgrade_meanwhile()
            _pour(source, found, schema_name, run)
            if lacking:
                run.step("Bringing it to the present version", 1, 1)
                upgrade.upgrade_here(schema_name)
                done.upgraded = lacking
            run.step("Erasing again whoever was erased since", 1, 1)
            institute.schema_name, institute.state = schema_name, state
            _put_to_rest(institute, done)
            _name(institute, former, is_new=there is None)
            with tenant_context(institute):
                own = UUID(str(found.institute["id"]))
                done.erased = ledger.erase_again((institute.pk, own), note=NOT_SENT)
            deeds.record(
                "operator.restored", institute, by=by, rows=found.rows,
                made_at=found.institute["made_at"],
            )  # fmt: skip
            transaction.on_commit(forget_hosts)
    except BaseException:
        forget_files(schema_name)
        if there is not None and run.report.get("reopen"):
            there.schema_name = former or ""
            set_state(there, State.ACTIVE)
        raise
    return done


def _free_key(found: Contents) -> UUID:
    """The archive's own key where no institute has it, so that a lost platform can be rebuilt."""
    own = UUID(str(found.institute["id"]))
    with platform_scope():
        taken = Institute.objects.filter(pk=own).exists()
    return Institute().pk if taken else own


def _pour(source: BinaryIO, found: Contents, schema_name: str, run: Run) -> None:
    """Make the schema, fill it and its files, and compare both with the archive."""
    total = 2 * len(found.tables) + len(found.files)
    run.step("Making the schema", 0, total)
    structure.make(schema_name, _migrations_in(found))
    tables.settle(tables.STEADY)
    there = {table.name: table for table in tables.tables_of(schema_name)}
    if [table.described() for table in there.values()] != found.institute["tables"]:
        raise BackupRefused("The tables of this archive are not those of its migrations.")
    recording.replay(_SETTLED)
    tables.empty_all(schema_name, list(there.values()))
    at = 0
    for head, body in archive.records(source):
        if head["kind"] == "table":
            run.step(f"Writing {head['name']}", at, total)
            tables.copy_in(schema_name, there[head["name"]], body)
        elif head["kind"] == "file":
            run.step("Writing files", at, total)
            _put_file(schema_name, head["name"], body, found.files[head["name"]])
        else:
            continue
        at += 1
    tables.set_sequences(schema_name, found.sequences)
    recording.replay(_SETTLED)
    for table in there.values():
        run.step(f"Comparing {table.name}", at, total)
        now_there, said = tables.measured(schema_name, table), found.tables[table.name]
        if (now_there.rows, now_there.sha256) != (said.rows, said.sha256):
            raise BackupRefused(f"The rows of {table.name} are not those of the archive.")
        at += 1
    if contents.schemas_with_other_ids([schema_name]):
        raise BackupRefused(
            "This archive comes from a platform whose list of models is numbered differently."
        )


def _put_file(schema_name: str, name: str, body: Iterator[bytes], said: Body) -> None:
    with SpooledTemporaryFile(max_size=IN_MEMORY) as whole:
        for part in body:
            whole.write(part)
        whole.seek(0, SEEK_SET)
        kept = files.put(schema_name, name, cast(BinaryIO, whole))
    if (kept.size, kept.sha256) != (said.size, said.sha256):
        raise BackupRefused(f"The file {name} could not be stored as it is in the archive.")


def _put_to_rest(institute: Institute, done: Restored) -> None:
    """End what was under way when the archive was made: sessions, mails, work in the queue."""
    with tenant_context(institute):
        done.sessions = Session.objects.all().delete()[0]
        UserSession.objects.all().delete()
        waiting = OutboxMail.objects.filter(state__in=(MailState.QUEUED, MailState.SENDING))
        done.mails = waiting.update(state=MailState.FAILED, last_error=NOT_SENT)
        Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING)).update(
            state=JobState.FAILED, message=NOT_SENT.replace("sent", "done"), ended_at=now()
        )
        Paper.objects.filter(state__in=(PaperState.WAITING, PaperState.MAKING)).update(
            state=PaperState.FAILED
        )
        if done.is_new:  # what opens one institute opens no copy of it
            Key.objects.filter(withdrawn_at=None).update(withdrawn_at=now())
            Token.objects.filter(withdrawn_at=None).update(withdrawn_at=now())
            Feed.objects.all().delete()


def _name(institute: Institute, former: str | None, *, is_new: bool) -> None:
    """Let the institute's row stand for the new schema, and give up the former one."""
    with platform_scope():
        if is_new:
            institute.save(force_insert=True)
            _first_domain(institute, services.checked_names(institute.slug, own=institute)[0])
            return
        Institute.objects.filter(pk=institute.pk).update(
            schema_name=institute.schema_name, state=institute.state
        )
        if not Domain.objects.filter(institute=institute, is_primary=True).exists():
            _first_domain(institute, services.checked_names(institute.slug, own=institute)[0])
        Deletion.objects.filter(institute=institute, state=DeletionState.WAITING).update(
            state=DeletionState.CANCELLED, ended_at=now()
        )
        if former:
            retire(former, institute.slug)


def _first_domain(institute: Institute, host: str) -> None:
    Domain.objects.create(domain=host, institute=institute, is_primary=True, proved_at=now())
