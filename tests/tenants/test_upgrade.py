"""Upgrades: each institute wholly or not at all; the failing one is named, the others go on."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django.fixtures import Settings

from tenants import contents, recording, upgrade
from tenants.catalogue import catalogue
from tenants.context import platform_scope, schema_scope, tenant_context, wrapper
from tenants.errors import UpgradeRefused
from tenants.models import Institute
from tenants.services import create_institute, migrate_institute
from tests.tenants.planting import Garden, forget, garden_in

pytestmark = pytest.mark.django_db(transaction=True)

NEW_COLUMN = (
    "migrations.AddField('dailyvisits', 'planted', models.IntegerField(default=7, db_index=True))"
)
NEW_TABLE = (
    "migrations.CreateModel('Planted', fields=[('id', models.BigAutoField(primary_key=True)), "
    "('word', models.CharField(max_length=9, unique=True))])"
)


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Garden]:
    yield garden_in(tmp_path, monkeypatch, settings)
    forget()


@pytest.fixture
def crowd(ciltuk: Institute) -> list[Institute]:
    """Every site of the test's database, the operators' among them."""
    with platform_scope():
        return list(Institute.objects.order_by("slug"))


def has(institute: Institute, name: str) -> bool:
    with schema_scope(institute.schema_name):
        return ("visits", name) in MigrationExecutor(wrapper()).loader.applied_migrations


def sql_in(institute: Institute, script: str) -> None:
    with tenant_context(institute):
        recording.replay(script)


def test_nothing_to_do_changes_nothing(crowd: list[Institute]) -> None:
    report = upgrade.migrate_all()
    assert sorted(report.current) == [one.slug for one in crowd]
    assert not report.upgraded
    assert not report.failed


def test_every_institute_is_upgraded_as_migrating_would(
    garden: Garden, crowd: list[Institute]
) -> None:
    garden.plant("0090_planted", operations=f"{NEW_COLUMN}, {NEW_TABLE}")
    told: list[str] = []
    report = upgrade.migrate_all(progress=lambda one, problem: told.append(one.slug))
    assert sorted(report.upgraded) == sorted(told) == [one.slug for one in crowd]
    assert len({repr(catalogue(one.schema_name)) for one in crowd}) == 1
    fresh = create_institute(slug="fresh", name="Fresh")
    assert has(fresh, "0090_planted")
    assert set(catalogue(fresh.schema_name)) == set(catalogue(crowd[0].schema_name))
    assert upgrade.migrate_all().upgraded == []


def test_broken_institute_is_named_and_whole_and_the_others_go_on(
    garden: Garden, crowd: list[Institute], capsys: pytest.CaptureFixture[str]
) -> None:
    broken = crowd[2]
    sql_in(broken, "CREATE TABLE visits_planted (in_the_way integer)")
    before = catalogue(broken.schema_name)
    garden.plant("0090_planted", operations=f"{NEW_COLUMN}, {NEW_TABLE}")
    with pytest.raises(CommandError, match=f"{broken.slug}: .*already exists"):
        call_command("migrate_institutes", stdout=StringIO())
    assert catalogue(broken.schema_name) == before
    assert not has(broken, "0090_planted")
    assert all(has(one, "0090_planted") for one in crowd if one != broken)

    sql_in(broken, "DROP TABLE visits_planted")
    said = StringIO()
    call_command("migrate_institutes", stdout=said)
    assert said.getvalue().startswith(f"1 upgraded, {len(crowd) - 1} were up to date, 0 failed.")
    assert has(broken, "0090_planted")
    assert len({repr(catalogue(one.schema_name)) for one in crowd}) == 1


def test_broken_first_institute_does_not_spoil_the_record(
    garden: Garden, crowd: list[Institute]
) -> None:
    sql_in(crowd[0], "CREATE TABLE visits_planted (in_the_way integer)")
    garden.plant("0090_planted", operations=NEW_TABLE)
    report = upgrade.migrate_all()
    assert list(report.failed) == [crowd[0].slug]
    assert sorted(report.upgraded) == [one.slug for one in crowd[1:]]


def test_institutes_at_different_versions_arrive_at_the_same(
    garden: Garden, crowd: list[Institute]
) -> None:
    garden.plant("0090_planted", operations=NEW_COLUMN)
    assert upgrade.migrate_all(only=[crowd[0].slug, crowd[1].slug]).upgraded
    garden.plant("0091_table", operations=NEW_TABLE)
    report = upgrade.migrate_all()
    assert len(report.upgraded) == len(crowd)
    assert len({repr(catalogue(one.schema_name)) for one in crowd}) == 1


def test_python_step_runs_in_every_institute_with_its_own_rows(
    garden: Garden, crowd: list[Institute]
) -> None:
    for number, one in enumerate(crowd):
        sql_in(one, "DELETE FROM visits_dailyvisits")
        sql_in(
            one,
            "INSERT INTO visits_dailyvisits (id, day, kind, count) VALUES "
            f"(gen_random_uuid(), '2026-01-01', 'guest', {number})",
        )
    garden.plant("0090_planted", operations=NEW_COLUMN)
    garden.plant(
        "0091_python",
        head=(
            "def fill(apps, editor):\n"
            "    for row in apps.get_model('visits', 'DailyVisits').objects.all():\n"
            "        row.planted = row.count * 10\n"
            "        row.save()\n"
        ),
        operations="migrations.RunPython(fill)",
    )
    garden.plant("0092_table", operations=NEW_TABLE)
    report = upgrade.migrate_all()
    assert len(report.upgraded) == len(crowd)
    for number, one in enumerate(crowd):
        with tenant_context(one), connection.cursor() as cursor:
            cursor.execute("SELECT planted FROM visits_dailyvisits")
            assert cursor.fetchall() == [(number * 10,)]
        assert has(one, "0092_table")


def test_failing_python_step_leaves_its_institute_whole(
    garden: Garden, crowd: list[Institute]
) -> None:
    for one in crowd:
        sql_in(one, "DELETE FROM visits_dailyvisits")
    odd = crowd[1]
    sql_in(
        odd,
        "INSERT INTO visits_dailyvisits (id, day, kind, count) "
        "VALUES (gen_random_uuid(), '2026-01-01', 'guest', 1)",
    )
    before = catalogue(odd.schema_name)
    garden.plant("0090_planted", operations=NEW_COLUMN)
    garden.plant(
        "0091_python",
        head=(
            "def check(apps, editor):\n"
            "    if apps.get_model('visits', 'DailyVisits').objects.exists():\n"
            "        raise ValueError('there are rows')\n"
        ),
        operations="migrations.RunPython(check)",
    )
    report = upgrade.migrate_all()
    assert report.failed == {odd.slug: "there are rows"}
    assert catalogue(odd.schema_name) == before
    assert len(report.upgraded) == len(crowd) - 1


def test_locked_institute_is_named_and_not_waited_for(
    garden: Garden, crowd: list[Institute], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrade, "LOCK_SECONDS", 1)
    garden.plant("0090_planted", operations=NEW_COLUMN)
    busy = crowd[3]
    chosen = connection.settings_dict
    with psycopg.connect(
        dbname=chosen["NAME"], user=chosen["USER"], host=chosen["HOST"], port=chosen["PORT"] or None
    ) as other:
        other.execute(f"LOCK TABLE {busy.schema_name}.visits_dailyvisits IN ACCESS SHARE MODE")
        report = upgrade.migrate_all()
        other.rollback()
    assert list(report.failed) == [busy.slug]
    assert "lock timeout" in report.failed[busy.slug]
    assert upgrade.migrate_all().upgraded == [busy.slug]


def test_institute_without_schema_is_named(crowd: list[Institute]) -> None:
    with platform_scope():
        recording.replay(f'DROP SCHEMA "{crowd[1].schema_name}" CASCADE')
    report = upgrade.migrate_all()
    assert list(report.failed) == [crowd[1].slug]
    assert "missing" in report.failed[crowd[1].slug]


def test_two_upgrades_at_once_are_one(crowd: list[Institute]) -> None:
    chosen = connection.settings_dict
    with psycopg.connect(
        dbname=chosen["NAME"], user=chosen["USER"], host=chosen["HOST"], port=chosen["PORT"] or None
    ) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [upgrade.UPGRADE_LOCK])
        with pytest.raises(UpgradeRefused, match="Another upgrade"):
            upgrade.migrate_all()
        with pytest.raises(UpgradeRefused, match="An upgrade is running"):
            create_institute(slug="fresh", name="Fresh")
    with platform_scope():
        assert not Institute.objects.filter(slug="fresh").exists()


def test_one_institute_can_be_upgraded_alone(garden: Garden, crowd: list[Institute]) -> None:
    garden.plant("0090_planted", operations=NEW_COLUMN)
    migrate_institute(crowd[0])
    assert has(crowd[0], "0090_planted")
    assert not has(crowd[1], "0090_planted")
    sql_in(crowd[1], "ALTER TABLE visits_dailyvisits ADD COLUMN planted integer")
    with pytest.raises(UpgradeRefused, match="already exists"):
        migrate_institute(crowd[1])


def test_renamed_model_keeps_its_content_type(
    garden: Garden, crowd: list[Institute], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_context(crowd[0]):
        before = ContentType.objects.get(app_label="visits", model="dailyvisits").pk
    garden.plant("0090_renamed", operations="migrations.RenameModel('DailyVisits', 'Footfall')")
    real = contents._models()
    monkeypatch.setattr(
        contents,
        "_models",
        lambda: [
            (app, "footfall" if model == "dailyvisits" else model, allowed)
            for app, model, allowed in real
        ],
    )
    assert len(upgrade.migrate_all().upgraded) == len(crowd)
    for one in crowd:
        with tenant_context(one):
            assert ContentType.objects.get(app_label="visits", model="footfall").pk == before


@pytest.mark.parametrize("words", [["migrate"], ["migrate", "visits", "zero"], ["migrate_schemas"]])
def test_stock_commands_only_tell_the_way(ciltuk: Institute, words: list[str]) -> None:
    before = catalogue(ciltuk.schema_name)
    with pytest.raises(CommandError, match="switched off"):
        call_command(*words)
    assert catalogue(ciltuk.schema_name) == before
