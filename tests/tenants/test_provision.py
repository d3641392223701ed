"""Provisioning is all or nothing, also when it is killed or asked for twice at once."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from core.accounts.models import Person
from core.programme.models import Programme
from tenants import provision as provisioning
from tenants.bundles.problems import BundleInvalid
from tenants.bundles.reading import shipped
from tenants.bundles.things import Changes
from tenants.catalogue import catalogue
from tenants.context import platform_scope, schema_scope, tenant_context
from tenants.errors import NameRefused, NameTaken, ProvisionFailed, TenancyError
from tenants.hosts import forget_hosts
from tenants.locks import is_taken, key
from tenants.models import Domain, Institute, Outcome, ProvisionRun, State, Step
from tenants.provision import provision
from tenants.requesting import request_provision
from tenants.services import set_state

SECONDS = 30

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def ciltuk(committed: dict[str, Institute]) -> Iterator[Institute]:
    """The institute, in the module's database; names that the test took are set free after it."""
    yield committed["ciltuk"]
    with platform_scope():
        ProvisionRun.objects.all().delete()
        for made in Institute.objects.exclude(pk__in=[one.pk for one in committed.values()]):
            Domain.objects.filter(institute=made).delete()
            made.slug = f"old-{secrets.token_hex(6)}"
            made.save(update_fields=("slug",))
    forget_hosts()


@pytest.fixture
def folder(tmp_path: Path, ciltuk: Institute) -> Path:
    """A bundle of our own: a shipped one under the name `guild`."""
    made = tmp_path / "guild"
    shutil.copytree(shipped("ciltuk"), made)
    file = made / "institute.yaml"
    file.write_text(file.read_text().replace("slug: ciltuk", "slug: guild"))
    return made


def guild() -> Institute | None:
    with platform_scope():
        return Institute.objects.filter(slug="guild").first()


def last_run() -> ProvisionRun:
    with platform_scope():
        return ProvisionRun.objects.latest("started_at")


def nothing_is_left(run: ProvisionRun) -> bool:
    with platform_scope():
        rows = Institute.objects.filter(slug="guild").exists()
        rows |= Domain.objects.filter(domain__contains="guild").exists()
    return not rows and (not run.schema_name or catalogue(run.schema_name) == [])


def test_operator_provisions_a_bundle_and_sees_every_step(folder: Path) -> None:
    seen: list[tuple[Step, str, int]] = []

    def tell(step: Step) -> None:
        run = last_run()
        seen.append((step, run.step, run.done))

    done = provision(folder, domains=["mentors.guild.example"], tell=tell)
    assert seen == [
        (Step.CHECK, Step.CHECK, 0),
        (Step.SCHEMA, Step.SCHEMA, 1),
        (Step.BUNDLE, Step.BUNDLE, 2),
        (Step.DONE, Step.DONE, 4),
    ]
    assert done.is_new
    assert done.changes.added
    assert done.institute.state == State.ACTIVE
    assert [one.domain for one in done.unproved] == ["mentors.guild.example"]
    with tenant_context(done.institute):
        assert Programme.objects.count() == 1
    run = last_run()
    assert (run.outcome, run.slug, run.bundle) == (Outcome.DONE, "guild", "guild")
    assert run.schema_name == done.institute.schema_name
    assert not is_taken("guild")


def test_provisioning_again_applies_only_what_changed(folder: Path) -> None:
    first = provision(folder)
    assert not provision(folder).changes
    file = folder / "institute.yaml"
    file.write_text(file.read_text().replace("tagline:", "tagline: Changed. #", 1))
    again = provision(folder, domains=["later.guild.example"])
    assert not again.is_new
    assert again.institute == first.institute
    assert again.changes.changed
    assert not again.changes.added
    assert [one.domain for one in again.unproved] == ["later.guild.example"]


def test_another_bundle_cannot_take_over_an_institute(folder: Path) -> None:
    with pytest.raises(NameTaken, match="made from the bundle 'ciltuk'"):
        provision(folder, slug="ciltuk")


def test_name_of_a_deleted_institute_is_not_free(folder: Path) -> None:
    set_state(provision(folder).institute, State.DELETED)
    with pytest.raises(NameTaken, match="not free"):
        provision(folder)


@pytest.mark.parametrize(
    ("slug", "domains"),
    [
        ("operators", ()),
        ("www", ()),
        ("../x", ()),
        ("Ünï", ()),
        ("guild", ("ciltuk.localhost",)),
        ("guild", ("a.example", "A.example")),
        ("guild", ("https://a.example",)),
        ("guild", ("mail.guild.example",)),
    ],
)
def test_refused_names_make_nothing(folder: Path, slug: str, domains: tuple[str, ...]) -> None:
    with platform_scope():
        before = Institute.objects.count()
    with pytest.raises((NameRefused, NameTaken)):
        provision(folder, slug=slug, domains=domains)
    with platform_scope():
        assert Institute.objects.count() == before
        assert not ProvisionRun.objects.exclude(schema_name="").filter(slug=slug).exists()


def test_malformed_bundle_makes_nothing(folder: Path) -> None:
    (folder / "institute.yaml").write_text("identity: [")
    with platform_scope():
        runs = ProvisionRun.objects.count()
    with pytest.raises(BundleInvalid, match=r"institute\.yaml:\d+"):
        provision(folder)
    with pytest.raises(CommandError, match=r"cannot be used[\s\S]*institute\.yaml"):
        call_command("provision", str(folder))
    with platform_scope():
        assert ProvisionRun.objects.count() == runs


def test_failure_in_the_middle_is_undone_and_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(bundle: object) -> Changes:
        Person.objects.create(username="half", email="half@mail.example")
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(provisioning, "apply", broken)
    with pytest.raises(ProvisionFailed, match="nothing of it is left: the disk is full"):
        provision(folder)
    run = last_run()
    assert run.outcome == Outcome.FAILED
    assert "the disk is full" in run.message
    assert nothing_is_left(run)
    monkeypatch.undo()
    assert provision(folder).is_new


def test_failure_of_applying_again_leaves_the_institute_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = provision(folder).institute

    def broken(bundle: object) -> Changes:
        Programme.objects.all().delete()
        raise RuntimeError("planned")

    monkeypatch.setattr(provisioning, "apply", broken)
    with pytest.raises(ProvisionFailed, match="stays as it was"):
        provision(folder, domains=["later.guild.example"])
    with tenant_context(made):
        assert Programme.objects.count() == 1
    with platform_scope():
        assert not Domain.objects.filter(domain="later.guild.example").exists()


@pytest.fixture
def environment(redis_url: str, settings: Settings) -> dict[str, str]:
    chosen = connection.settings_dict
    root = str(Path(__file__).resolve().parents[2])
    return os.environ | {
        "DATABASE_URL": (
            f"postgresql://{chosen['USER']}:{chosen['PASSWORD']}@/{chosen['NAME']}?host={chosen['HOST']}"
            if not chosen["PORT"]
            else f"postgresql://{chosen['USER']}:{chosen['PASSWORD']}@{chosen['HOST']}:{chosen['PORT']}"
            f"/{chosen['NAME']}"
        ),
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "tests.tenants.killed_settings",
        "KILLED_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PYTHONPATH": os.pathsep.join([root, str(Path(root) / "platform")]),
    }


def killed_at(point: str, folder: Path, environment: dict[str, str]) -> None:
    """Start a process that provisions, wait until it is at the point, and kill it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.tenants.killed", str(folder), point],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        assert is_taken("guild")
        process.kill()
        process.wait(timeout=SECONDS)
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{SECONDS}s'")
        cursor.execute("SELECT pg_advisory_lock(%s)", [key("guild")])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key("guild")])
        cursor.execute("RESET lock_timeout")


@pytest.mark.parametrize("point", [Step.CHECK, Step.SCHEMA, Step.BUNDLE, "before commit"])
def test_killed_provisioning_leaves_nothing_and_can_be_repeated(
    folder: Path, environment: dict[str, str], point: str
) -> None:
    killed_at(point, folder, environment)
    run = last_run()
    assert run.outcome == Outcome.RUNNING
    assert not is_taken("guild")
    assert nothing_is_left(run)
    if run.schema_name:
        with schema_scope(run.schema_name):
            default_storage.save("brand/logo.svg", ContentFile(b"left over"))
    done = provision(folder)
    assert done.is_new
    assert done.institute.schema_name != run.schema_name
    with platform_scope():
        after = ProvisionRun.objects.get(pk=run.pk)
    assert after.outcome == Outcome.FAILED
    assert "interrupted" in after.message
    if run.schema_name:
        with schema_scope(run.schema_name):
            assert not default_storage.exists("brand/logo.svg")


def test_provisioning_killed_after_the_commit_is_complete(
    folder: Path, environment: dict[str, str]
) -> None:
    killed_at(Step.DONE, folder, environment)
    made = guild()
    assert made is not None
    with tenant_context(made):
        assert Programme.objects.count() == 1
    assert not provision(folder).changes


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def in_thread(folder: Path, tell: object, **options: object) -> bool:
    try:
        return provision(folder, tell=tell, **options).is_new  # type: ignore[arg-type]
    finally:
        connection.close()


def test_two_at_once_for_one_name_are_one_and_the_other_is_told(
    folder: Path, threads: ThreadPoolExecutor
) -> None:
    inside, told = Event(), Event()

    def tell(step: Step) -> None:
        if step == Step.BUNDLE:
            inside.set()
            assert told.wait(SECONDS)

    first = threads.submit(in_thread, folder, tell)
    assert inside.wait(SECONDS)
    with pytest.raises(NameTaken, match="by somebody else at this moment"):
        provision(folder)
    told.set()
    assert first.result(timeout=SECONDS)
    with platform_scope():
        assert Institute.objects.filter(slug="guild").count() == 1


def test_two_at_once_for_one_address_are_one_and_the_other_is_told(
    folder: Path, threads: ThreadPoolExecutor
) -> None:
    inside, release = Event(), Event()

    def tell(step: Step) -> None:
        if step == Step.BUNDLE:
            inside.set()
            assert release.wait(SECONDS)

    domains = ["mentors.guild.example"]
    first = threads.submit(in_thread, folder, tell, domains=domains)
    assert inside.wait(SECONDS)
    second = threads.submit(in_thread, folder, lambda step: None, slug="other", domains=domains)
    waiting = 0
    while not waiting and not second.done():
        with platform_scope(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            waiting = cursor.fetchone()[0]
    release.set()
    assert first.result(timeout=SECONDS)
    with pytest.raises(NameTaken, match="just taken"):
        second.result(timeout=SECONDS)
    with platform_scope():
        assert not Institute.objects.filter(slug="other").exists()


def test_console_asks_a_worker_and_sees_the_run(ciltuk: Institute) -> None:
    run = request_provision("ciltuk", slug="second-ciltuk", domains=["two.guild.example"])
    with platform_scope():
        after = ProvisionRun.objects.get(pk=run.pk)
        made = Institute.objects.get(slug="second-ciltuk")
    assert after.outcome == Outcome.DONE
    assert after.schema_name == made.schema_name
    with pytest.raises(TenancyError):
        request_provision("ciltuk", slug="www")
    with pytest.raises(TenancyError):
        request_provision("ciltuk", slug="guided")
    with pytest.raises(BundleInvalid):
        request_provision("../ciltuk")


def test_run_that_is_told_to_wait_its_turn_says_so(folder: Path) -> None:
    with platform_scope():
        waiting = ProvisionRun.objects.create(slug="guild", bundle="guild")

    def tell(step: Step) -> None:
        if step == Step.SCHEMA:
            with pytest.raises(NameTaken):
                provision(folder, run_id=waiting.pk)

    assert provision(folder, tell=tell, run_id=uuid4()).is_new
    with platform_scope():
        after = ProvisionRun.objects.get(pk=waiting.pk)
    assert after.outcome == Outcome.FAILED
    assert "somebody else" in after.message


def test_command_tells_the_address_and_the_record_to_set(folder: Path) -> None:
    said = StringIO()
    call_command("provision", str(folder), "--domain", "mentors.guild.example", stdout=said)
    with platform_scope():
        domain = Domain.objects.get(domain="mentors.guild.example")
    assert "is ready at http://guild.localhost" in said.getvalue()
    record = f"set a TXT record _mentoring-proof.mentors.guild.example {domain.proof}"
    assert record in said.getvalue()
    with pytest.raises(CommandError, match="reserved"):
        call_command("provision", str(folder), "--slug", "www")


def test_command_before_the_first_upgrade_tells_the_way(folder: Path) -> None:
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tenants_provisionrun RENAME TO elsewhere")
        try:
            with pytest.raises(CommandError, match="migrate_institutes"):
                call_command("provision", str(folder))
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO tenants_provisionrun")
