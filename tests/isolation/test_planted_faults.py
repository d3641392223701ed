"""Each guard of tenancy is taken away once: the look that should notice must notice.

A look answers whether the guard holds. It is asked twice: as things are, and with the fault.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from celery import Celery
from django.core.cache import cache, caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from tenants import context, hosts, middleware, services
from tenants.backend.base import DatabaseWrapper
from tenants.celery import HEADER, InstituteTask
from tenants.context import platform_scope, tenant_context, wrapper
from tenants.errors import OutsideTenancy, TaskRefused
from tenants.models import Institute, State
from tenants.names import PUBLIC_SCHEMA
from tenants.storage import InstituteFolder

pytestmark = pytest.mark.django_db
Look = Callable[[], bool]


@pytest.fixture(autouse=True)
def _at_rest_afterwards() -> Iterator[None]:
    yield
    wrapper().search_path_set_schemas = None
    wrapper().tenant = None
    wrapper().schema_name = None


def noticed(look: Look, plant: Callable[[], None]) -> bool:
    """Whether the look is content before the fault is planted, and is not afterwards."""
    assert look()
    plant()
    return not look()


def search_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        return str(cursor.fetchone()[0])


def test_connection_that_rests_in_the_shared_schema_is_noticed(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> bool:
        with tenant_context(ciltuk):
            pass
        try:
            Institute.objects.count()
        except OutsideTenancy:
            return True
        return False

    def rest(self: DatabaseWrapper) -> None:
        self.tenant, self.schema_name = None, PUBLIC_SCHEMA

    assert noticed(look, lambda: monkeypatch.setattr(DatabaseWrapper, "rest", rest))


def test_search_path_that_falls_through_is_noticed(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> bool:
        wrapper().search_path_set_schemas = None
        try:
            with tenant_context(ciltuk), transaction.atomic():
                Institute.objects.count()
        except DatabaseError:
            return True
        return False

    def both(self: DatabaseWrapper) -> list[str]:
        return [str(self.schema_name), PUBLIC_SCHEMA]

    assert noticed(
        look, lambda: monkeypatch.setattr(DatabaseWrapper, "_get_cursor_search_paths", both)
    )


def test_search_path_believed_after_a_savepoint_is_noticed(
    ciltuk: Institute, guided: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> bool:
        wrapper().search_path_set_schemas = None
        with tenant_context(ciltuk):
            savepoint = transaction.savepoint()
            with tenant_context(guided):
                search_path()
                transaction.savepoint_rollback(savepoint)
                return search_path() == guided.schema_name

    def plant() -> None:
        real = BaseDatabaseWrapper.savepoint_rollback
        monkeypatch.setattr(DatabaseWrapper, "savepoint_rollback", real)

    assert noticed(look, plant)


@pytest.mark.django_db(transaction=True)
def test_search_path_believed_after_a_rollback_is_noticed(
    ciltuk: Institute, guided: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> bool:
        wrapper().search_path_set_schemas = None
        with tenant_context(ciltuk):
            search_path()
        with tenant_context(guided):
            with transaction.atomic():
                search_path()
                transaction.set_rollback(True)
            return search_path() == guided.schema_name

    def plant() -> None:
        monkeypatch.setattr(DatabaseWrapper, "rollback", BaseDatabaseWrapper.rollback)

    assert noticed(look, plant)


def test_context_that_is_not_left_is_noticed(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> bool:
        with platform_scope(), tenant_context(ciltuk):
            pass
        return wrapper().schema_name is None

    @contextmanager
    def stays(thing: Any) -> Iterator[None]:
        wrapper().set_tenant(thing)
        yield

    assert noticed(look, lambda: monkeypatch.setattr(context, "_in_force", stays))


def test_cache_key_without_institute_is_noticed(
    ciltuk: Institute, guided: Institute, settings: Settings
) -> None:
    def look() -> bool:
        with tenant_context(ciltuk):
            cache.set("secret", "of ciltuk")
        with tenant_context(guided):
            return cache.get("secret") is None

    def plant() -> None:
        caches["default"].key_func = lambda name, prefix, version: f"{prefix}:{version}:{name}"

    try:
        assert noticed(look, plant)
    finally:
        caches["default"].clear()
        del caches["default"]


def test_files_without_institute_are_noticed(
    ciltuk: Institute, guided: Institute, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def look() -> bool:
        with tenant_context(ciltuk):
            name = default_storage.save("secret.txt", ContentFile(b"of ciltuk"))
        with tenant_context(guided):
            return not default_storage.exists(name)

    def plant() -> None:
        monkeypatch.setattr(InstituteFolder, "base_location", settings.MEDIA_ROOT)

    assert noticed(look, plant)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("served")


def test_host_that_is_only_like_a_known_one_is_noticed(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> bool:
        request = RequestFactory().get("/", headers={"host": "evil.ciltuk.localhost"})
        return middleware.InstituteOfHost(page)(request).status_code == 404

    def by_ending(host: str) -> Institute | None:
        return hosts.institute_of(".".join(host.split(".")[-2:]))

    assert noticed(look, lambda: monkeypatch.setattr(middleware, "institute_of", by_ending))


def test_suspended_institute_that_is_served_is_noticed(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.set_state(ciltuk, State.SUSPENDED)
    hosts.forget_hosts()

    def look() -> bool:
        request = RequestFactory().get("/", headers={"host": "ciltuk.localhost"})
        return middleware.InstituteOfHost(page)(request).status_code == 503

    def always_active(host: str) -> Institute | None:
        found = hosts.institute_of(host)
        if found is not None:
            found.state = State.ACTIVE
        return found

    assert noticed(look, lambda: monkeypatch.setattr(middleware, "institute_of", always_active))


@pytest.fixture
def task() -> Any:
    """An eager task of a Celery app of its own."""
    app: Any = Celery("planted", task_cls=InstituteTask, set_as_current=False)
    app.conf.update(task_always_eager=True, task_eager_propagates=True)

    @app.task(shared=False, name="planted.look")
    def look() -> str:
        return str(wrapper().schema_name)

    return look


def test_task_of_a_suspended_institute_that_runs_is_noticed(
    ciltuk: Institute, task: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.set_state(ciltuk, State.SUSPENDED)

    def look() -> bool:
        try:
            with tenant_context(ciltuk):
                task.delay()
        except TaskRefused:
            return True
        return False

    def any_institute(header: str | None) -> Institute:
        with platform_scope():
            return Institute.objects.get(pk=str(header))

    assert noticed(
        look, lambda: monkeypatch.setattr("tenants.celery._active_institute", any_institute)
    )


def test_task_that_believes_the_callers_header_is_noticed(
    ciltuk: Institute, guided: Institute, task: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> bool:
        with tenant_context(ciltuk):
            seen = task.apply_async(headers={HEADER: str(guided.pk)}).get()
        return bool(seen == ciltuk.schema_name)

    def believing(self: InstituteTask, headers: dict[str, Any] | None) -> dict[str, Any]:
        return headers or {}

    assert noticed(look, lambda: monkeypatch.setattr(InstituteTask, "_addressed", believing))


def test_institute_that_is_half_made_is_noticed(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(institute: Institute) -> None:
        raise RuntimeError("planned")

    def look() -> bool:
        with pytest.raises(RuntimeError, match="planned"):
            services.create_institute(slug="fresh", name="Fresh", fill=fill)
        with platform_scope():
            return not Institute.objects.filter(slug="fresh").exists()

    class NoTransaction:
        """Stands in for django.db.transaction and keeps nothing together."""

        atomic = staticmethod(nullcontext)
        on_commit = staticmethod(transaction.on_commit)

    assert noticed(look, lambda: monkeypatch.setattr(services, "transaction", NoTransaction))
