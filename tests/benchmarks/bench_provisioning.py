"""Making and upgrading schemas, against the tenancy library's own way on the same apps."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.test import override_settings

from tenants import schema
from tenants.catalogue import catalogue
from tenants.services import create_institute
from tests import database
from tests.benchmarks.ground import address_of, fresh_database
from tests.benchmarks.report import Comparison, Limit, Section, median, seconds
from tests.tenants.planting import PACKAGE, Garden, forget

FEW, MANY, TURNS = 5, 200, 12
UPGRADED = 100
NEW = (
    "migrations.AddField('dailyvisits', 'planted', models.IntegerField(default=7, db_index=True)), "
    "migrations.CreateModel('Planted', fields=[('id', models.BigAutoField(primary_key=True)), "
    "('word', models.CharField(max_length=9, unique=True))])"
)


def measure() -> Section:
    """Make institutes by turns (the library, ours among few, ours among many), and upgrade 100."""
    with fresh_database("bench_many") as many_there, fresh_database("bench_few") as few_there:
        recording = seconds(schema.recorded)
        _make(FEW)
        statements = schema.recorded().statements
        tables = _tables()
        database.use(many_there)
        schema.recorded()
        _make(MANY)
        stock, few, many = [], [], []
        with _stock_maker() as stock_makes_one:
            for turn in range(TURNS):
                stock.append(stock_makes_one())
                few.append(_one(few_there, turn))
                many.append(_one(many_there, turn))
    stock_upgrade, own_upgrade = _upgrades(statements)
    return Section(
        name="provisioning",
        title="Making and upgrading institutes",
        before="django-tenants",
        after="Ithaca",
        comparisons=[
            Comparison(f"Making a schema of {tables} tables", median(stock), median(few), target=8),
            Comparison(
                f"One new migration over {UPGRADED} institutes", stock_upgrade, own_upgrade, 20
            ),
        ],
        limits=[
            Limit(
                f"Making one among {MANY} institutes, against one among {FEW}",
                median(many) / median(few), 1.25, "times",
            ),
            Limit("Recording the statements, once for a set of migrations", recording, 15, "s"),
        ],
        notes=[
            f"Making: medians of {TURNS} turns, each way once a turn, in warm processes; ours with "
            "its row, addresses and lock, the library's `save()` as it comes.",
            "Upgrading: `migrate_institutes` against `migrate_schemas` (standard executor), one "
            "added column with an index and one new table, from the same schemas.",
            "Both ways use the same server, the same apps and the same models in one run.",
        ],
    )  # fmt: skip


def _make(number: int) -> None:
    for each in range(number):
        create_institute(slug=f"guild-{each}", name=f"Guild {each}")


def _one(name: str, turn: int) -> float:
    database.use(name)
    schema.recorded()
    return seconds(lambda: create_institute(slug=f"turn-{turn}", name="Guild"))


def _tables() -> int:
    made = create_institute(slug="counted", name="Counted")
    return sum(row[0] == "relation" and row[2] == "r" for row in catalogue(made.schema_name))


def _upgrades(statements: str) -> tuple[float, float]:
    with TemporaryDirectory() as folder:
        garden = Garden(Path(folder))
        garden.plant("0090_planted", operations=NEW)
        stock = _stock_upgrade(statements, folder)
        with fresh_database("bench_upgrade"):
            _make(UPGRADED)
            sys.path.insert(0, folder)
            try:
                with override_settings(MIGRATION_MODULES={"visits": PACKAGE}):
                    forget()
                    own = seconds(lambda: call_command("migrate_institutes", skip_checks=True))
            finally:
                sys.path.remove(folder)
                forget()
    return stock, own


@contextmanager
def _stock(work: str, **extra: str) -> Iterator[subprocess.Popen[str]]:
    name = "bench_stock"
    with database._server() as server:
        database._drop(server, name)
        server.execute(f'create database "{name}"')
    environment = {"DATABASE_URL": address_of(name), "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.stock", work],
            env=os.environ | environment | extra,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            yield process
    finally:
        with database._server() as server:
            database._drop(server, name)


@contextmanager
def _stock_maker() -> Iterator[Callable[[], float]]:
    with _stock("create") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        words, answers = process.stdin, process.stdout
        answers.readline()

        def one() -> float:
            words.write("one\n")
            words.flush()
            return float(json.loads(answers.readline()))

        yield one
        words.close()


def _stock_upgrade(script: str, migrations: str) -> float:
    with _stock("migrate", BENCH_MIGRATIONS=migrations) as process:
        told = json.dumps({"script": script, "number": UPGRADED})
        answer, _ = process.communicate(told)
    return float(json.loads(answer.splitlines()[-1]))
