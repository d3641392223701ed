"""Faults of wiring stop the start with a sentence."""

import pytest
from django.core.checks import CheckMessage, run_checks
from django.db import transaction
from pytest_django.fixtures import Settings

from tenants import checks, recording
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute

pytestmark = pytest.mark.django_db


def ids(found: list[CheckMessage]) -> set[str | None]:
    return {message.id for message in found}


def test_wiring_as_it_is_has_no_fault(ciltuk: Institute) -> None:
    found = {message.id for message in run_checks(databases=["default"])}
    assert not {each for each in found if each and each.startswith("tenants.")}


@pytest.mark.parametrize(
    "app", ["django.contrib.auth", "django.contrib.auth.apps.AuthConfig", "core.kernel"]
)
def test_app_in_both_lists_is_refused(settings: Settings, app: str) -> None:
    settings.SHARED_APPS = [*settings.SHARED_APPS, app]
    assert ids(checks.no_app_in_both_lists(None)) == {"tenants.E001"}


def test_another_engine_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert ids(checks.connection_rests_in_no_schema(None)) == {"tenants.E002"}


def test_cache_without_schema_is_refused(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert ids(checks.files_and_cache_carry_the_schema(None)) == {"tenants.E003"}


def test_storage_without_schema_is_refused(settings: Settings) -> None:
    other = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": other}
    assert ids(checks.files_and_cache_carry_the_schema(None)) == {"tenants.E004"}


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE django_content_type SET model = 'swapped' WHERE model = 'session'",
        "UPDATE auth_permission SET codename = 'swapped' WHERE codename = 'add_session'",
    ],
)
def test_schema_with_other_ids_is_named(ciltuk: Institute, guided: Institute, fault: str) -> None:
    with tenant_context(guided):
        recording.replay(fault)
    (found,) = checks.content_types_have_equal_ids(None, databases=["default"])
    assert found.id == "tenants.E005"
    assert "guided" in found.msg
    assert checks.content_types_have_equal_ids(None) == []


def test_check_before_the_first_upgrade_is_silent(ciltuk: Institute) -> None:
    with platform_scope(), transaction.atomic():
        recording.replay("ALTER TABLE tenants_contenttypeid RENAME TO elsewhere")
        assert checks.content_types_have_equal_ids(None, databases=["default"]) == []
        transaction.set_rollback(True)
