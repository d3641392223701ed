"""Making and upgrading schemas, against the tenancy library's own way on the same apps."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from tenants import schema
from tenants.catalogue import catalogue
from tenants.context import schema_scope
from tenants.names import new_schema_name
from tenants.services import create_institute
from tests.benchmarks.ground import address_of, fresh_database
from tests.benchmarks.report import Comparison, Limit, Section, median, seconds
from tests.database import _drop, _server
from tests.tenants.planting import PACKAGE, Garden, forget

FEW, MANY, EACH = 5, 200, 10
UPGRADED = 100
NEW = (
    "migrations.AddField('dailyvisits', 'planted', models.IntegerField(default=7, db_index=True)), "
    "migrations.CreateModel('Planted', fields=[('id', models.BigAutoField(primary_key=True)), "
    "('word', models.CharField(max_length=9, unique=True))])"
)


def measure() -> Section:
    """Make 210 institutes and upgrade 100, both ways."""
    stock = _stock("create", str(EACH), database="bench_stock")
    with fresh_database("bench_ithaca"):
        first = seconds(schema.recorded)
        times = [_created(number) for number in range(MANY + EACH)]
        name = new_schema_name()
        with schema_scope(name), transaction.atomic():
            schema.create_schema(name)
        tables = sum(row[0] == "relation" and row[2] == "r" for row in catalogue(name))
        statements = schema.recorded().statements
    few = median(times[FEW : FEW + EACH])
    many = median(times[MANY : MANY + EACH])
    stock_upgrade, own_upgrade = _upgrades(statements)
    return Section(
        name="provisioning",
        title="Making and upgrading institutes",
        before="django-tenants",
        after="Ithaca",
        comparisons=[
            Comparison(f"Making a schema of {tables} tables", median(stock), few, target=8),
            Comparison(
                f"One new migration over {UPGRADED} institutes", stock_upgrade, own_upgrade, 20
            ),
        ],
        limits=[
            Limit(
                f"Making one with {MANY} institutes there, against {FEW}", many / few, 1.25, "times"
            ),
            Limit("Recording the statements, once for a set of migrations", first, 15, "s"),
        ],
        notes=[
            f"Making: median of {EACH}; ours with its row, addresses and lock, the library's with "
            "`migrate_schemas` as its `save()` calls it, each in a warm process.",
            "Upgrading: `migrate_institutes` against `migrate_schemas` (standard executor), one "
            "added column with an index and one new table, from the same schemas.",
            "Both ways use the same server, the same apps and the same models in one run.",
        ],
    )


def _created(number: int) -> float:
    return seconds(lambda: create_institute(slug=f"guild-{number}", name=f"Guild {number}"))


def _upgrades(statements: str) -> tuple[float, float]:
    with TemporaryDirectory() as folder:
        garden = Garden(Path(folder))
        garden.plant("0090_planted", operations=NEW)
        stock = _stock(
            "migrate", str(UPGRADED), database="bench_stock", script=statements, migrations=folder
        )[0]
        with fresh_database("bench_ithaca"):
            for number in range(UPGRADED):
                create_institute(slug=f"guild-{number}", name=f"Guild {number}")
            sys.path.insert(0, folder)
            try:
                with override_settings(MIGRATION_MODULES={"visits": PACKAGE}):
                    forget()
                    own = seconds(lambda: call_command("migrate_institutes", skip_checks=True))
            finally:
                sys.path.remove(folder)
                forget()
    return stock, own


def _stock(
    *words: str, database: str, script: str | None = None, migrations: str | None = None
) -> list[float]:
    with _server() as server:
        _drop(server, database)
        server.execute(f'create database "{database}"')
    extra = {"DATABASE_URL": address_of(database), "PYTHONPATH": os.pathsep.join(sys.path)}
    if migrations is not None:
        extra["BENCH_MIGRATIONS"] = migrations
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.stock", *words],
            env=os.environ | extra,
            input=script, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    finally:
        with _server() as server:
            _drop(server, database)
    times: list[float] = json.loads(done.stdout.splitlines()[-1])
    return times
