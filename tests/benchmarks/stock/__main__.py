"""``python -m tests.benchmarks.stock create N`` or ``migrate``: times as JSON on the last line.

Runs in a process of its own, because the backend of a process cannot be changed.
"""

import json
import os
import sys
from time import perf_counter
from typing import Any

import django

QUIET: dict[str, Any] = {"verbosity": 0, "skip_checks": True, "interactive": False}


def main(work: str, *words: str) -> list[float]:
    """Out: seconds, one for each thing done."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if work == "create":
        from tests.benchmarks.stock.models import Tenant

        call_command(
            "migrate_schemas", shared=True, verbosity=0, skip_checks=True, interactive=False
        )
        times = []
        for number in range(int(words[0])):
            started = perf_counter()
            Tenant(schema_name=f"stock_{number}").save(verbosity=0)
            times.append(perf_counter() - started)
        return times
    script = sys.stdin.read()
    call_command("migrate_schemas", shared=True, **QUIET)
    _fill(connection, script, int(words[0]))
    started = perf_counter()
    call_command("migrate_schemas", tenant=True, **QUIET)
    return [perf_counter() - started]


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
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
