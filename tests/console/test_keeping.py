"""Operators keep, compare, take back and delete institutes on their pages."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from core.kernel.models import AuditEntry
from core.profiles.models import Field
from tenants.bundles.living import exported
from tenants.bundles.writing import as_zip
from tenants.context import platform_scope, tenant_context
from tenants.keeping import Backup, BundleRevision, Deletion, DeletionState, PlatformRun, RunKind
from tenants.models import Institute, State
from tests.console.steps import address, audit_of, text_of

pytestmark = pytest.mark.django_db


def fresh(institute: Institute) -> Institute:
    with platform_scope():
        return Institute.objects.get(pk=institute.pk)


def a_backup(institute: Institute) -> Backup:
    with platform_scope():
        return Backup.objects.create(
            institute=institute, institute_name=institute.name, slug=institute.slug,
            stored_as="backups/none.ithaca", size=9, sha256="0" * 64, rows=1, files=0,
            files_bytes=0, operator_name="Odile Marram",
        )  # fmt: skip


def changed_zip(institute: Institute) -> SimpleUploadedFile:
    """The institute's own bundle with another label."""
    files = exported(institute)
    text = files["institute.yaml"]
    files["institute.yaml"] = text.replace(b"Professional community", b"Your <b>community</b>")
    assert files["institute.yaml"] != text
    return SimpleUploadedFile(f"{institute.slug}.zip", as_zip(files, institute.slug))


def test_operator_downloads_changes_applies_and_takes_back_a_bundle(
    console: Client, ciltuk: Institute
) -> None:
    packed = console.get(address("bundle_export", "ciltuk"))
    assert "ciltuk/institute.yaml" in ZipFile(BytesIO(packed.content)).namelist()
    sent = console.post(address("bundle", "ciltuk"), {"file": changed_zip(ciltuk)})
    assert sent.status_code == 302
    told = text_of(console, sent["Location"])
    assert "Your &lt;b&gt;community&lt;/b&gt;" in told
    frame = console.get(f"{sent['Location']}profile/")
    assert "Your &lt;b&gt;community" in frame.content.decode()
    assert frame.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    with tenant_context(ciltuk):
        assert Field.objects.get(key="community").label == "Professional community"
    assert console.post(sent["Location"]).status_code == 302
    with tenant_context(ciltuk):
        assert Field.objects.get(key="community").label == "Your <b>community</b>"
    assert audit_of(ciltuk)[-1].actor_name.endswith("(platform operator)")
    with platform_scope():
        kept = BundleRevision.objects.get()
    back = address("bundle_revision", "ciltuk", kept.pk)
    assert "Professional community" in text_of(console, back)
    assert console.get(address("bundle_revision", "guided", kept.pk)).status_code == 404
    assert console.post(back).status_code == 302
    with tenant_context(ciltuk):
        assert Field.objects.get(key="community").label == "Professional community"
    assert "taken back by" in text_of(console, address("bundle", "ciltuk"))


def test_bundle_of_another_institute_or_a_spoiled_one_changes_nothing(
    console: Client, ciltuk: Institute, guided: Institute
) -> None:
    broken = SimpleUploadedFile("x.zip", b"PK\x03\x04 no zip at all")
    assert console.post(address("bundle", "guided"), {"file": broken}).status_code == 422
    sent = console.post(address("bundle", "guided"), {"file": changed_zip(ciltuk)})
    refused = console.get(sent["Location"])
    assert (refused.status_code, "describes" in refused.content.decode()) == (422, True)
    assert console.post(sent["Location"]).status_code == 422
    with platform_scope():
        assert not BundleRevision.objects.exists()


def test_operator_asks_for_a_backup_and_a_restore_and_watches(
    console: Client, ciltuk: Institute
) -> None:
    asked = console.post(address("backups", "ciltuk"), {"reason": "before the move"})
    with platform_scope():
        run = PlatformRun.objects.get()
    assert asked["Location"] == address("work", run.pk)
    assert (run.kind, run.about) == (RunKind.BACKUP, {"reason": "before the move"})
    assert "Waiting for a worker" in text_of(console, asked["Location"])
    backup = a_backup(ciltuk)
    assert "Odile Marram" in text_of(console, address("backups", "ciltuk"))
    assert "Odile Marram" in text_of(console, address("kept"))
    place = address("restore", backup.pk)
    for given in ({"slug": ""}, {"place": "as"}, {"place": "as", "slug": "guided"},
                  {"place": "as", "slug": "public"}, {"place": "as", "slug": "../x"}):  # fmt: skip
        assert console.post(place, given).status_code == 422, given
    asked = console.post(place, {"place": "as", "slug": "harbour", "name": "Harbour"})
    assert asked.status_code == 302
    with platform_scope():
        assert PlatformRun.objects.get(kind=RunKind.RESTORE).slug == "harbour"
    assert console.get(address("archive", backup.pk)).status_code == 404  # the storage lost it
    assert console.post(address("remove_backup", backup.pk)).status_code == 302
    with platform_scope():
        assert not Backup.objects.exists()


def test_operator_deletes_only_with_the_name_and_a_reason_and_may_take_it_back(
    console: Client, ciltuk: Institute
) -> None:
    page = address("deletion", "ciltuk")
    good = {"reason": "The programme ended.", "typed_name": "ciltuk", "backup": "keep"}
    for name in good:
        assert console.post(page, {**good, name: ""}).status_code == 422
    assert console.post(page, {**good, "typed_name": "guided"}).status_code == 422
    assert fresh(ciltuk).state == State.ACTIVE
    assert console.post(page, good).status_code == 302
    assert fresh(ciltuk).state == State.SUSPENDED
    assert "The programme ended." in text_of(console, page)
    console.post(address("reopen", "ciltuk"))
    assert fresh(ciltuk).state == State.SUSPENDED  # only taking it back opens it
    assert console.post(page).status_code == 302
    assert fresh(ciltuk).state == State.ACTIVE
    with platform_scope(), transaction.atomic():
        found = Deletion.objects.get()
        assert found.state == DeletionState.CANCELLED
        assert console.get(address("receipt", found.pk)).status_code == 404
        Deletion.objects.update(state=DeletionState.DONE, receipt={"what": "All of it"})
    receipt = console.get(address("receipt", found.pk))
    assert json.loads(receipt.content)["what"] == "All of it"
    with tenant_context(ciltuk):
        assert AuditEntry.objects.filter(verb="operator.cancelled_deletion").exists()
