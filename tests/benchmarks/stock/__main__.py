"""``python -m tests.benchmarks.stock create`` or ``migrate``: the library at work, with its times.

Runs in a process of its own, because the backend of a process cannot be changed.
"""

import json
import os
import sys
from time import perf_counter
from typing import Any

import django

QUIET: dict[str, Any] = {"verbosity": 0, "skip_checks": True, "interactive": False}


def main(work: str) -> None:
    """Answer with seconds, one JSON number a line."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate_schemas", shared=True, **QUIET)
    if work == "create":
        _answer(0)
        _create_when_asked()
    else:
        told = json.loads(sys.stdin.read())
        _fill(connection, told["script"], told["number"])
        started = perf_counter()
        call_command("migrate_schemas", tenant=True, **QUIET)
        _answer(perf_counter() - started)


def _create_when_asked() -> None:
    """Make one tenant for each line of input."""
    from tests.benchmarks.stock.models import Tenant

    for number, _ in enumerate(sys.stdin):
        started = perf_counter()
        Tenant(schema_name=f"stock_{number}").save(verbosity=0)
        _answer(perf_counter() - started)


def _answer(seconds: float) -> None:
    sys.stdout.write(f"{json.dumps(seconds)}\n")
    sys.stdout.flush()


def _fill(connection: Any, script: str, number: int) -> None:
    """Make schemas at the version before by replaying: making them is not what is measured."""
    with connection.cursor() as cursor:
        for each in range(number):
            name = f"stock_{each}"
            cursor.execute(f"CREATE SCHEMA {name}; SET search_path = {name}; {script}")
            cursor.execute("SET search_path = public")
            cursor.execute("INSERT INTO stock_tenant (schema_name) VALUES (%s)", [name])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.stock.settings"
    main(sys.argv[1])
