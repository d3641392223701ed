"""Steps of the tests that back up, restore and delete."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from core.accounts.models import Person
from tenants.backups import files
from tenants.backups.making import fingerprint_of
from tenants.context import platform_scope, tenant_context
from tenants.deeds import Operator
from tenants.hosts import forget_hosts
from tenants.keeping import Backup, BundleRevision, Deletion, PlatformRun, RetiredSchema
from tenants.locks import is_taken, key
from tenants.models import Domain, Institute, State
from tests.factories.mentorships import make_person

OPERATOR = Operator(None, "Odile Marram")
SECONDS = 30


@pytest.fixture
def lantern(committed: dict[str, Institute]) -> Iterator[Institute]:
    """An institute with a member and two files; what the test made is taken away after it."""
    institute = committed["ciltuk"]
    with tenant_context(institute), transaction.atomic():
        make_person("Anna Quayle")
        default_storage.save("messages/photo.jpg", ContentFile(b"a picture" * 9000))
        default_storage.save("messages/empty.txt", ContentFile(b""))
    yield institute
    with platform_scope():
        for backup in Backup.objects.all():
            default_storage.delete(backup.stored_as)
        for model in (PlatformRun, Deletion, Backup, RetiredSchema, BundleRevision):
            model._default_manager.all().delete()
        for made in Institute.objects.exclude(pk__in=[one.pk for one in committed.values()]):
            Domain.objects.filter(institute=made).delete()
            made.slug = f"old-{secrets.token_hex(6)}"
            made.save(update_fields=("slug",))
    forget_hosts()


@pytest.fixture
def environment(redis_url: str, settings: Settings) -> dict[str, str]:
    """The surroundings of a process that will be killed: this test's database and files."""
    chosen = connection.settings_dict
    root = str(Path(__file__).resolve().parents[2])
    who = f"{chosen['USER']}:{chosen['PASSWORD']}"
    where = (
        f"@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"
        if chosen["PORT"]
        else f"@/{chosen['NAME']}?host={chosen['HOST']}"
    )
    return os.environ | {
        "DATABASE_URL": f"postgresql://{who}{where}",
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "tests.tenants.killed_settings",
        "KILLED_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PYTHONPATH": os.pathsep.join([root, str(Path(root) / "platform")]),
    }


def killed_while(environment: dict[str, str], kind: str, slug: str, *words: str) -> None:
    """Start a process, wait until it is at the step, and kill it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.tenants.killed_backups", kind, slug, *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        assert is_taken(slug)
        process.kill()
        process.wait(timeout=SECONDS)
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{SECONDS}s'")
        cursor.execute("SELECT pg_advisory_lock(%s)", [key(slug)])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key(slug)])
        cursor.execute("RESET lock_timeout")


def archive_of(backup: Backup) -> BytesIO:
    with files.open_archive(backup.stored_as) as kept:
        return BytesIO(kept.read())


def fresh(institute: Institute) -> Institute:
    with platform_scope():
        return Institute.objects.get(pk=institute.pk)


def called(slug: str) -> Institute | None:
    with platform_scope():
        return Institute.objects.filter(slug=slug).first()


def schemas() -> set[str]:
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%%'")
        return {name for (name,) in cursor.fetchall()}


def held(institute: Institute) -> dict[str, dict[str, Any]]:
    return fingerprint_of(institute.schema_name)


def prefixes(settings: Settings) -> set[str]:
    """The folders that hold files of institutes."""
    return {
        folder.name
        for folder in Path(str(settings.MEDIA_ROOT)).iterdir()
        if any(one.is_file() for one in folder.rglob("*"))
    }


def people(institute: Institute) -> set[str]:
    with tenant_context(institute):
        return {str(pk) for pk in Person.objects.values_list("pk", flat=True)}


def is_active(institute: Institute) -> bool:
    return fresh(institute).state == State.ACTIVE
