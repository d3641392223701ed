"""An institute in one archive, and back again: the same rows and files, or nothing at all."""

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from core.accounts.models import Person
from core.kernel import clock
from core.kernel.models import AuditEntry, MailState, OutboxMail
from core.kernel.outbox import queue
from core.membership.services import make_token, token_of
from tenants import recording
from tenants.backups import archive, files
from tenants.backups.archive import BackupRefused
from tenants.backups.making import back_up, written
from tenants.backups.restoring import restore
from tenants.backups.retiring import drop_retired
from tenants.backups.runs import running
from tenants.backups.sweeping import sweep
from tenants.context import platform_scope, tenant_context
from tenants.errors import DeedRefused, NameTaken
from tenants.keeping import Backup, PlatformRun, RunKind, RunOutcome
from tenants.models import Domain, Institute, State
from tests.factories.mentorships import make_person
from tests.tenants.keeping import (
    OPERATOR,
    archive_of,
    called,
    environment,
    fresh,
    held,
    is_active,
    killed_while,
    lantern,
    people,
    prefixes,
    schemas,
)
from tests.tenants.planting import Garden, garden_in

__all__ = ["environment", "lantern"]
CHANGED_ON_PURPOSE = {"django_session", "kernel_outboxmail", "kernel_auditentry"}


def write_a_mail() -> OutboxMail:
    return queue(
        kind="request_received", to=("Silas Wherry", "silas@people.example"),
        sender=("The team", "team@lantern.example"), subject="Hello", text="Hello", html="<p>Hello",
    )  # fmt: skip


def test_operator_restores_as_another_and_every_row_and_file_is_equal(
    lantern: Institute, client: Client
) -> None:
    with tenant_context(lantern), transaction.atomic():
        head = Person.objects.latest("joined_at")
        client.force_login(head)
        mail = write_a_mail()
        _row, token = make_token("Members", by=head)
    with tenant_context(lantern):
        OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.QUEUED)
    made = back_up(lantern, by=OPERATOR, reason="before the move")
    before = held(lantern)
    done = restore(archive_of(made), by=OPERATOR, slug="harbour", name="Harbour")
    harbour = fresh(done.institute)
    assert (done.is_new, harbour.name, harbour.state) == (True, "Harbour", State.SUSPENDED)
    assert harbour.pk != lantern.pk
    assert harbour.schema_name != lantern.schema_name
    after = held(harbour)
    assert after["files"] == before["files"]
    assert len(after["files"]) >= 2
    differ = {name for name, mark in before["tables"].items() if after["tables"][name] != mark}
    assert differ == CHANGED_ON_PURPOSE | {"membership_token"}
    assert people(harbour) == people(lantern)
    assert (done.sessions, done.mails) == (1, 1)
    with tenant_context(harbour):
        assert token_of(token) is None  # what opens one institute opens no copy of it
        kept = OutboxMail.objects.get(pk=mail.pk)
        assert (kept.state, "restored" in kept.last_error) == (MailState.FAILED, True)
        assert AuditEntry.objects.filter(verb="operator.restored", thing_id=harbour.pk).exists()
    with platform_scope():
        domain = Domain.objects.get(institute=harbour)
        assert (domain.is_primary, domain.domain.startswith("harbour.")) == (True, True)
    assert is_active(lantern)


def test_operator_restores_in_place_and_what_came_after_the_backup_is_gone(
    lantern: Institute, committed: dict[str, Institute], settings: Settings
) -> None:
    made = back_up(lantern, by=OPERATOR)
    then, neighbour = people(lantern), held(committed["guided"])
    with tenant_context(lantern), transaction.atomic():
        make_person("Ernst Tidewell")
        Person.objects.filter(first_name="Anna").update(first_name="Annie")
        default_storage.delete("messages/photo.jpg")
    settings.HOST_MEMORY_SECONDS = 0
    seen: list[str] = []
    done = restore(archive_of(made), by=OPERATOR, tell=lambda *_: seen.append(fresh(lantern).state))
    assert (seen[0], set(seen[1:])) == (State.ACTIVE, {State.SUSPENDED})
    after = fresh(lantern)
    assert (done.is_new, after.state) == (False, State.ACTIVE)
    assert people(after) == then
    with tenant_context(after):
        assert Person.objects.filter(first_name="Anna").exists()
        assert default_storage.exists("messages/photo.jpg")
    assert lantern.schema_name in schemas()  # kept until the success
    assert drop_retired() == [lantern.schema_name]
    assert lantern.schema_name not in schemas() | prefixes(settings)
    assert held(committed["guided"]) == neighbour


def test_archive_of_the_same_rows_is_the_same_bytes(lantern: Institute) -> None:
    outs = BytesIO(), BytesIO()
    with clock.frozen(datetime(2026, 3, 1, tzinfo=UTC)):
        marks = {written(lantern, out, lambda *_: None)[1] for out in outs}
    assert outs[0].getvalue() == outs[1].getvalue()
    assert marks == {hashlib.sha256(outs[0].getvalue()[: -archive.SEAL]).hexdigest()}


def test_member_who_joins_during_the_backup_is_in_it_wholly_or_not_at_all(
    lantern: Institute,
) -> None:
    def joins() -> None:
        with tenant_context(lantern), transaction.atomic():
            make_person("Late Comer")
            write_a_mail()
        connection.close()

    def tell(step: str, done: int, total: int) -> None:
        if step == "Reading accounts_person":
            with ThreadPoolExecutor(1) as pool:
                pool.submit(joins).result()

    before = held(lantern)["tables"]
    made = back_up(lantern, by=OPERATOR, tell=tell)
    found = archive.check(archive_of(made), files.keys())
    assert {name: [one.rows, one.sha256] for name, one in found.tables.items()} == before


def spoiled(whole: bytes, how: str) -> bytes:
    middle = len(whole) // 2
    resealed = b"ITHACA BACKUP 1\n" + whole[20:-64]
    total = hashlib.sha256(resealed).digest()
    return {
        "not an archive": b"PK\x03\x04" + whole,
        "of another version": whole.replace(b"BACKUP 1", b"BACKUP 9", 1),
        "cut": whole[:middle],
        "cut before the seal": whole[:-64],
        "one bit": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "longer": whole + b"\0",
        "sealed by another": whole[:-32] + hmac.digest(b"their key", whole[-64:-32], "sha256"),
        "nothing": b"",
        "garbage with our seal": resealed + total + hmac.digest(files.keys()[0], total, "sha256"),
    }[how]


def test_spoiled_archives_are_refused_before_anything_is_touched(
    lantern: Institute, settings: Settings
) -> None:
    whole = archive_of(back_up(lantern, by=OPERATOR)).getvalue()
    before, there, rows = schemas(), prefixes(settings), held(lantern)
    for how in (
        "not an archive", "of another version", "cut", "cut before the seal", "one bit", "longer",
        "sealed by another", "nothing", "garbage with our seal",
    ):  # fmt: skip
        with pytest.raises(BackupRefused):
            restore(BytesIO(spoiled(whole, how)), by=OPERATOR)
        assert is_active(lantern), how
    assert (schemas(), prefixes(settings), held(lantern)) == (before, there, rows)
    other = BytesIO(spoiled(whole, "sealed by another"))
    assert restore(other, by=OPERATOR, slug="harbour", sealed_elsewhere=True).is_new


def test_archive_of_one_institute_does_not_replace_another(
    lantern: Institute, committed: dict[str, Institute]
) -> None:
    made = back_up(lantern, by=OPERATOR)
    rows = held(committed["guided"])
    with pytest.raises(NameTaken):
        restore(archive_of(made), by=OPERATOR, slug="guided")
    with pytest.raises(NameTaken):
        restore(archive_of(made), by=OPERATOR, slug="operators")
    assert held(committed["guided"]) == rows


def test_one_thing_at_a_time_is_done_to_an_institute(lantern: Institute) -> None:
    with running(RunKind.BACKUP, lantern.slug, by=OPERATOR), pytest.raises(DeedRefused):
        back_up(lantern, by=OPERATOR)


def test_older_archive_is_brought_up_to_date_and_a_newer_one_is_refused(
    lantern: Institute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    older = archive_of(back_up(lantern, by=OPERATOR))
    garden: Garden = garden_in(tmp_path, monkeypatch, settings)
    garden.plant(
        "0900_words",
        operations="migrations.CreateModel('Word', [('id', models.IntegerField(primary_key=True)),"
        " ('word', models.TextField())]),"
        " migrations.RunSQL(\"INSERT INTO visits_word VALUES (1, 'lantern')\")",
    )
    done = restore(older, by=OPERATOR, slug="harbour")
    assert done.upgraded == 1
    with tenant_context(done.institute), connection.cursor() as cursor:
        cursor.execute("SELECT word FROM visits_word")
        assert cursor.fetchall() == [("lantern",)]
    newer = archive_of(back_up(done.institute, by=OPERATOR))
    garden.pull("0900_words")
    before = schemas()
    with pytest.raises(BackupRefused, match="newer version"):
        restore(newer, by=OPERATOR, slug="haven")
    assert (called("haven"), schemas()) == (None, before)


def test_restore_that_fails_late_leaves_everything_as_it_was(
    lantern: Institute, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    made = back_up(lantern, by=OPERATOR)
    before, there, rows = schemas(), prefixes(settings), held(lantern)

    def broken(script: str) -> None:
        raise OSError("planned")

    monkeypatch.setattr(recording, "replay", broken)
    with pytest.raises(OSError, match="planned"):
        restore(archive_of(made), by=OPERATOR)
    assert is_active(lantern)
    assert (schemas(), prefixes(settings), held(lantern)) == (before, there, rows)


@pytest.mark.parametrize("step", ["Reading messaging", "Keeping the archive"])
def test_killed_backup_leaves_nothing(
    lantern: Institute, environment: dict[str, str], step: str
) -> None:
    killed_while(environment, "backup", lantern.slug, step)
    with platform_scope():
        half = files.archive_name(PlatformRun.objects.get().pk)
        default_storage.save(half, ContentFile(b"half of it"))
    sweep()
    with platform_scope():
        run = PlatformRun.objects.get()
        assert (run.outcome, "interrupted" in run.message) == (RunOutcome.FAILED, True)
        assert not Backup.objects.exists()
        assert not default_storage.exists(half)
    assert back_up(lantern, by=OPERATOR).rows


@pytest.mark.parametrize("step", ["Making the schema", "Writing files", "Comparing visits"])
def test_killed_restore_leaves_the_institute_as_it_was(
    lantern: Institute, environment: dict[str, str], tmp_path: Path, settings: Settings, step: str
) -> None:
    made = back_up(lantern, by=OPERATOR, to=tmp_path / "lantern.ithaca")
    before, there, rows = schemas(), prefixes(settings), held(lantern)
    kept = str(tmp_path / "lantern.ithaca")
    killed_while(environment, "restore", lantern.slug, step, kept)
    assert fresh(lantern).state == State.SUSPENDED
    sweep()
    assert is_active(lantern)
    assert fresh(lantern).schema_name == lantern.schema_name
    assert (schemas(), prefixes(settings), held(lantern)) == (before, there, rows)
    assert restore(archive_of(made), by=OPERATOR).found.rows == made.rows


def test_operator_backs_up_and_restores_at_the_command_line(
    lantern: Institute, tmp_path: Path
) -> None:
    said, path = StringIO(), tmp_path / "one.ithaca"
    call_command("backup_institute", lantern.slug, "--to", str(path), stdout=said)
    call_command("restore_institute", str(path), "--as", "harbour", "--open", stdout=said)
    made = called("harbour")
    assert made is not None
    assert made.state == State.ACTIVE
    assert "are equal to the archive" in said.getvalue()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore_institute", str(path), "--as", "haven", stdout=said)
    assert called("haven") is None
