"""The institute in force: chosen, restored, and never guessed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from core.accounts.models import Person
from tenants.context import (
    BareSchema,
    current_institute,
    current_schema,
    in_platform_scope,
    platform_scope,
    schema_scope,
    tenant_context,
    wrapper,
)
from tenants.errors import OutsideTenancy
from tenants.models import Institute
from tenants.names import new_schema_name

pytestmark = pytest.mark.django_db


def search_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        return str(cursor.fetchone()[0])


def test_query_outside_any_institute_is_refused() -> None:
    with pytest.raises(OutsideTenancy, match="outside any institute"):
        Person.objects.count()


def test_raw_cursor_outside_any_institute_is_refused() -> None:
    with pytest.raises(OutsideTenancy):
        connection.cursor()


def test_search_path_of_an_institute_is_its_schema_alone(ciltuk: Institute) -> None:
    with tenant_context(ciltuk):
        assert search_path() == ciltuk.schema_name


def test_shared_tables_are_unknown_within_an_institute(ciltuk: Institute) -> None:
    with (
        tenant_context(ciltuk),
        pytest.raises(DatabaseError, match="does not exist"),
        transaction.atomic(),
    ):
        Institute.objects.count()


def test_people_are_unknown_in_the_shared_schema() -> None:
    with (
        platform_scope(),
        pytest.raises(DatabaseError, match="does not exist"),
        transaction.atomic(),
    ):
        Person.objects.count()


def test_missing_schema_answers_nothing() -> None:
    with (
        schema_scope(new_schema_name()),
        pytest.raises(DatabaseError, match="does not exist"),
        transaction.atomic(),
    ):
        Person.objects.count()


def test_nested_contexts_restore_what_was_before(ciltuk: Institute, guided: Institute) -> None:
    with tenant_context(ciltuk):
        with tenant_context(guided):
            assert current_institute() == guided
            with platform_scope():
                assert in_platform_scope()
                assert current_institute() is None
            assert current_institute() == guided
        assert current_schema() == ciltuk.schema_name
    with pytest.raises(OutsideTenancy):
        current_schema()


def test_context_is_restored_after_an_error(ciltuk: Institute) -> None:
    with pytest.raises(RuntimeError, match="planned"), tenant_context(ciltuk):
        raise RuntimeError("planned")
    assert wrapper().schema_name is None


def test_rolled_back_savepoint_keeps_the_right_search_path(
    ciltuk: Institute, guided: Institute
) -> None:
    """A SET inside a savepoint is undone with it: the wrapper must not trust its memory."""
    with tenant_context(ciltuk):
        Person.objects.count()
        with tenant_context(guided), transaction.atomic():
            assert search_path() == guided.schema_name
            transaction.set_rollback(True)
        assert search_path() == ciltuk.schema_name
    with tenant_context(guided):
        assert search_path() == guided.schema_name


def test_search_path_is_set_once_for_many_queries(
    ciltuk: Institute, django_assert_num_queries: Callable[[int], object]
) -> None:
    with tenant_context(ciltuk):
        Person.objects.count()
        with django_assert_num_queries(3):  # type: ignore[attr-defined]
            for _ in range(3):
                Person.objects.count()


@pytest.mark.parametrize("name", ["public", "pg_catalog", "T_ABCDEFGH", 't_a"; drop', "", "t_ab"])
def test_schema_names_that_we_did_not_make_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a schema name of ours"):
        BareSchema(name)
    with (
        pytest.raises(ValueError, match="not a schema name of ours"),
        tenant_context(Institute(schema_name=name)),
    ):
        pass


@pytest.mark.django_db(transaction=True)
def test_threads_keep_their_own_institute(ciltuk: Institute, guided: Institute) -> None:
    together = Barrier(4, timeout=20)

    def work(institute: Institute) -> set[str]:
        seen = set()
        try:
            for _ in range(25):
                together.wait()
                with tenant_context(institute):
                    seen.add(search_path())
                    with platform_scope():
                        Institute.objects.count()
                    seen.add(search_path())
                if wrapper().schema_name is not None:
                    seen.add("not at rest")
            return seen
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        jobs = [(each, pool.submit(work, each)) for each in (ciltuk, guided) * 2]
        for institute, job in jobs:
            assert job.result() == {institute.schema_name}
