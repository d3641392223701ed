"""Schemas made by replaying are what migrating would have made."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from pytest_django.fixtures import Settings

from core.accounts.models import Person
from tenants import contents, recording, schema
from tenants.catalogue import catalogue
from tenants.context import platform_scope, schema_scope, tenant_context, wrapper
from tenants.errors import NameRefused, NameTaken, UpgradeRefused
from tenants.models import Institute, Recording, UsedSchemaName
from tenants.names import new_schema_name
from tenants.services import create_institute, reserve_schema_name
from tests.tenants.planting import Garden, forget, garden_in

pytestmark = pytest.mark.django_db
INT8 = 20  # bigint, as PostgreSQL numbers its types


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Garden]:
    yield garden_in(tmp_path, monkeypatch, settings)
    forget()


def migrated_the_stock_way() -> str:
    """A schema made by the migration machinery itself."""
    name = new_schema_name()
    with schema_scope(name):
        recording.replay(f'CREATE SCHEMA "{name}"')
        executor = MigrationExecutor(wrapper())
        executor.migrate(schema.targets(executor.loader, django_settings.TENANT_APPS))
    return name


def applied(schema_name: str) -> set[tuple[str, str]]:
    with schema_scope(schema_name):
        return set(MigrationExecutor(wrapper()).loader.applied_migrations)


def test_replayed_schema_is_what_migrating_makes(ciltuk: Institute) -> None:
    stock = migrated_the_stock_way()
    made = create_institute(slug="fresh", name="Fresh")
    assert catalogue(made.schema_name) == catalogue(stock)
    assert catalogue(made.schema_name) == catalogue(ciltuk.schema_name)
    assert applied(made.schema_name) == applied(stock)
    assert len(catalogue(stock)) > 300


@pytest.mark.parametrize(
    "fault",
    [
        "ALTER TABLE accounts_person ADD COLUMN planted integer",
        "ALTER TABLE accounts_person ALTER COLUMN phone DROP NOT NULL",
        "ALTER TABLE accounts_person ALTER COLUMN phone SET DEFAULT 'x'",
        "ALTER TABLE accounts_person ALTER COLUMN phone TYPE varchar(41)",
        "CREATE INDEX planted ON accounts_person (phone)",
        "ALTER TABLE accounts_person DROP CONSTRAINT person_username_is_lower_case",
        "CREATE SEQUENCE planted",
        "CREATE FUNCTION planted() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_catalogue_sees_a_planted_difference(ciltuk: Institute, fault: str) -> None:
    before = catalogue(ciltuk.schema_name)
    with schema_scope(ciltuk.schema_name):
        recording.replay(fault)
    assert catalogue(ciltuk.schema_name) != before


def ids(institute: Institute) -> tuple[set[tuple[int, str, str]], set[tuple[int, int, str]]]:
    with tenant_context(institute):
        return (
            set(ContentType.objects.values_list("id", "app_label", "model")),
            set(Permission.objects.values_list("id", "content_type_id", "codename")),
        )


def test_content_types_and_permissions_have_equal_ids_everywhere(
    ciltuk: Institute, guided: Institute
) -> None:
    made = create_institute(slug="fresh", name="Fresh")
    assert ids(made) == ids(ciltuk) == ids(guided)
    types, permissions = ids(made)
    assert {model for _, _, model in types} >= {"person", "institute", "auditentry"}
    assert {codename for _, _, codename in permissions} >= {"add_person", "view_auditentry"}


def test_model_that_comes_later_gets_the_next_id_in_every_schema(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = contents.known_contents()
    real = contents._models()
    monkeypatch.setattr(contents, "_models", lambda: [("aaa", "planted", [("see", "See")]), *real])
    later = contents.known_contents()
    assert set(known.types) < set(later.types)
    assert (known.last_type + 1, "aaa", "planted") in later.types
    with tenant_context(ciltuk):
        recording.replay(contents.statements(later))
        assert ContentType.objects.get(model="planted").pk == known.last_type + 1
        assert ContentType.objects.create(app_label="x", model="y").pk == later.last_type + 1


def test_schema_with_other_ids_is_found_out(ciltuk: Institute) -> None:
    with tenant_context(ciltuk), transaction.atomic():
        recording.replay("UPDATE django_content_type SET model = 'swapped' WHERE model = 'session'")
        with pytest.raises(Exception, match="other ids"), transaction.atomic():
            recording.replay(contents.statements(contents.known_contents()))


def test_recording_is_kept_and_used_again(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = schema.recorded()
    monkeypatch.setattr(schema, "_record", lambda mark: pytest.fail("recorded twice"))
    assert schema.recorded() == first
    with platform_scope():
        assert Recording.objects.filter(pk=schema.fingerprint()).count() == 1


def test_new_migration_makes_a_new_recording(garden: Garden) -> None:
    before = schema.fingerprint()
    assert schema.recorded().pk == before
    garden.plant(
        "0090_planted", operations="migrations.RunSQL('CREATE TABLE planted (id integer)')"
    )
    assert schema.fingerprint() != before
    made = create_institute(slug="fresh", name="Fresh")
    assert ("visits", "0090_planted") in applied(made.schema_name)
    with tenant_context(made):
        recording.replay("SELECT id FROM planted")


def test_rows_of_data_migrations_are_replayed_with_their_foreign_keys(garden: Garden) -> None:
    """Written rows wait for their check, which would forbid the next ALTER TABLE."""
    garden.plant(
        "0090_rows",
        head=(
            "def fill(apps, editor):\n"
            "    group = apps.get_model('auth', 'Group').objects.create(name=\"it's 100 %\")\n"
            "    person = apps.get_model('accounts', 'Person').objects.create(\n"
            "        username='planted', email='planted@mail.example')\n"
            "    person.groups.add(group)\n"
        ),
        operations=(
            "migrations.RunPython(fill), migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE')"
        ),
    )
    garden.plant(
        "0091_after",
        operations="migrations.RunSQL('ALTER TABLE accounts_person ADD COLUMN planted integer')",
    )
    made = create_institute(slug="fresh", name="Fresh")
    with tenant_context(made):
        assert Person.objects.get().groups.get().name == "it's 100 %"


def test_key_that_changes_its_type_changes_it_where_it_is_referred_to(garden: Garden) -> None:
    """The one kind of step of one model that has to see the others, too."""
    key = "('id', models.AutoField(primary_key=True))"
    garden.plant(
        "0090_keys",
        operations=(
            f"migrations.CreateModel('Planted', [{key}]),"
            f"migrations.CreateModel('Pointing', [{key},"
            " ('at', models.ForeignKey('visits.Planted', models.CASCADE))]),"
            "migrations.AlterField('Planted', 'id', models.BigAutoField(primary_key=True))"
        ),
    )
    made = create_institute(slug="fresh", name="Fresh")
    with tenant_context(made), connection.cursor() as cursor:
        cursor.execute("SELECT at_id FROM visits_pointing")
        assert cursor.description is not None
        assert cursor.description[0].type_code == INT8


def test_migration_that_cannot_be_whole_is_refused(garden: Garden) -> None:
    garden.plant("0090_half", operations="", atomic=False)
    with pytest.raises(UpgradeRefused, match=r"visits\.0090_half has atomic = False"):
        create_institute(slug="fresh", name="Fresh")
    with platform_scope():
        assert not Institute.objects.filter(slug="fresh").exists()


def test_migration_that_names_its_schema_is_refused(garden: Garden) -> None:
    garden.plant(
        "0090_names",
        head=(
            "def name(apps, editor):\n"
            "    with editor.connection.cursor() as cursor:\n"
            "        cursor.execute('SELECT current_schema()')\n"
            "        schema = cursor.fetchone()[0]\n"
            "    editor.execute(f'CREATE TABLE {schema}.planted (id integer)')\n"
        ),
        operations="migrations.RunPython(name)",
    )
    with pytest.raises(UpgradeRefused, match="names the schema"):
        schema.recorded()


def test_statement_of_an_unknown_kind_is_refused(garden: Garden) -> None:
    garden.plant("0090_odd", operations="migrations.RunSQL('LOCK TABLE accounts_person')")
    with pytest.raises(UpgradeRefused, match="unknown kind"):
        schema.recorded()


def test_recording_that_makes_another_schema_is_refused(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a statement falls off the tape."""
    garden.plant("0090_planted", operations="migrations.RunSQL('CREATE TABLE planted (i integer)')")
    real = recording._written_out
    monkeypatch.setattr(
        recording,
        "_written_out",
        lambda text, params: "" if "planted (" in text else real(text, params),
    )
    with pytest.raises(UpgradeRefused, match="another schema"):
        schema.recorded()


def test_failing_fill_leaves_nothing(ciltuk: Institute) -> None:
    def fill(institute: Institute) -> None:
        Person.objects.create(username="half", email="half@mail.example")
        raise RuntimeError("planned")

    with pytest.raises(RuntimeError, match="planned"):
        create_institute(slug="fresh", name="Fresh", domains=["fresh.example"], fill=fill)
    with platform_scope():
        assert not Institute.objects.filter(slug="fresh").exists()
        used = UsedSchemaName.objects.latest("used_at").schema_name
    assert catalogue(used) == []


def test_schema_name_is_never_used_twice() -> None:
    name = reserve_schema_name()
    with platform_scope():
        assert UsedSchemaName.objects.filter(pk=name).exists()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenants.names.new_schema_name", lambda: name)
        with pytest.raises(NameTaken, match="used before"):
            reserve_schema_name()


@pytest.mark.parametrize("slug", ["www", "operators", "ciltuk", "../x", 'x";--'])
def test_refused_name_makes_nothing(ciltuk: Institute, slug: str) -> None:
    with platform_scope():
        before = UsedSchemaName.objects.count()
    with pytest.raises((NameRefused, NameTaken)):
        create_institute(slug=slug, name="X")
    with platform_scope():
        assert UsedSchemaName.objects.count() == before


@pytest.mark.parametrize("domain", ["guided.localhost", "fresh.localhost", "a b", "taken.example"])
def test_refused_domain_makes_nothing(ciltuk: Institute, domain: str) -> None:
    create_institute(slug="other", name="Other", domains=["taken.example"])
    with pytest.raises((NameRefused, NameTaken)):
        create_institute(slug="fresh", name="X", domains=[domain])
    with platform_scope():
        assert not Institute.objects.filter(slug="fresh").exists()


def test_what_runs_after_commit_runs_within_the_new_institute(
    ciltuk: Institute, django_capture_on_commit_callbacks: object
) -> None:
    seen: list[str] = []

    def fill(institute: Institute) -> None:
        transaction.on_commit(lambda: seen.append(str(wrapper().schema_name)))

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = create_institute(slug="fresh", name="Fresh", fill=fill)
        with tenant_context(made):
            pass
    assert len(seen) == 1


def test_content_type_cache_serves_threads_of_all_institutes(
    committed: dict[str, Institute],
) -> None:
    """One cache for all threads is right, because ids are the same in every schema."""
    together = Barrier(4, timeout=30)
    models = [Person, ContentType, Permission, Recording]

    def work(institute: Institute) -> int:
        wrong = 0
        try:
            for turn in range(30):
                together.wait()
                if turn % 5 == 0:
                    ContentType.objects.clear_cache()
                with tenant_context(institute):
                    for model in models:
                        cached = ContentType.objects.get_for_model(model)
                        stored = ContentType.objects.filter(
                            app_label=model._meta.app_label, model=model._meta.model_name
                        ).get()
                        wrong += cached.pk != stored.pk
            return wrong
        finally:
            connection.close()

    chosen = [committed["ciltuk"], committed["guided"]] * 2
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, chosen)) == 0


def test_content_type_cache_would_cross_with_other_ids(committed: dict[str, Institute]) -> None:
    """The planted fault: ids as Django gives them. The same look finds the wrong one."""
    guided = committed["guided"]
    ContentType.objects.clear_cache()
    with tenant_context(committed["ciltuk"]):
        cached = ContentType.objects.get_for_model(Person)
    with tenant_context(guided), transaction.atomic():
        recording.replay(
            "INSERT INTO django_content_type (id, app_label, model) VALUES (5000, 'x', 'person')"
        )
        ContentType.objects.filter(app_label="accounts", model="person").update(model="gone")
        ContentType.objects.filter(pk=5000).update(app_label="accounts")
        stored = ContentType.objects.get(app_label="accounts", model="person")
        assert ContentType.objects.get_for_model(Person).pk == cached.pk != stored.pk
        transaction.set_rollback(True)
    ContentType.objects.clear_cache()
