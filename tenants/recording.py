"""Recording the statements of migrations once, so that every schema can replay them.

Recorded are the statements themselves, written out with their values and without any schema
name: the search path says where they land.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tenants import steps
from tenants.context import wrapper
from tenants.errors import UpgradeRefused

# After rows were written, foreign keys that wait to be checked would forbid the next ALTER TABLE.
_SETTLE = "SET CONSTRAINTS ALL IMMEDIATE;\nSET CONSTRAINTS ALL DEFERRED;\n"

_KEPT = re.compile(
    r"\s*(create|alter|drop|insert|update|delete|comment|truncate|do|set\s+constraints)\b", re.I
)
_PASSED_OVER = re.compile(r"\s*(select|show|savepoint|release|rollback|set\s+search_path)\b", re.I)
_WRITES = re.compile(r"\s*(insert|update|delete)\b", re.I)
_PLAIN_SQL = re.compile(r"\s*(create|alter|drop|comment|insert|update|delete)\b", re.I)
_PLAIN_MODULES = ("django.db.migrations.operations.", "django.contrib.postgres.operations")


class Tape:
    """The statements of one or more migrations, in order."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._settled = 0

    @property
    def text(self) -> str:
        """Everything recorded, as one script."""
        return "".join(self._statements)

    def settle(self) -> None:
        """Let foreign keys be checked now, if rows were written since the last time."""
        since = self._statements[self._settled :]
        if any(_WRITES.match(statement) for statement in since):
            self.add(_SETTLE)
        self._settled = len(self._statements)

    def add(self, script: str) -> None:
        """Put a script of ours on the tape."""
        self._statements.append(script)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Record what this thread's connection executes during the block."""
        with wrapper().execute_wrapper(self._hear):
            yield

    def _hear(self, execute: Any, query: Any, params: Any, many: bool, context: Any) -> Any:
        answer = execute(query, params, many, context)
        text = query if isinstance(query, str) else query.as_string(wrapper().connection)
        if _KEPT.match(text):
            for row in params if many else [params]:
                written = _written_out(text, row)
                self._statements.append(written.rstrip().rstrip(";") + ";\n")
        elif not _PASSED_OVER.match(text):
            raise UpgradeRefused(f"A migration runs a statement of an unknown kind: {text[:80]!r}.")
        return answer


def _written_out(text: str, params: Any) -> str:
    if params is None:
        return text
    with wrapper().connection.cursor() as raw:
        return str(raw.mogrify(text, params))


def is_plain(migration: Migration) -> bool:
    """Whether its statements are the same in every schema: no Python, no reading of rows."""
    return all(_is_plain(operation) for operation in migration.operations)


def _is_plain(operation: Operation) -> bool:
    if isinstance(operation, operations.SeparateDatabaseAndState):
        return all(_is_plain(inner) for inner in operation.database_operations)
    if isinstance(operation, operations.RunPython):
        return False
    if isinstance(operation, operations.RunSQL):
        scripts = operation.sql if isinstance(operation.sql, (list, tuple)) else [operation.sql]
        return all(isinstance(one, str) and bool(_PLAIN_SQL.match(one)) for one in scripts)
    return type(operation).__module__.startswith(_PLAIN_MODULES)


def refuse_halves(migrations: list[Migration]) -> None:
    """Raises UpgradeRefused for a migration that cannot be whole or nothing."""
    for migration in migrations:
        if not migration.atomic:
            raise UpgradeRefused(
                f"The migration {migration.app_label}.{migration.name} has atomic = False: an "
                "institute must be upgraded wholly or not at all, so write it without."
            )


def state_of(executor: MigrationExecutor) -> ProjectState:
    """The models as the migrations that ran in the schema in force left them."""
    state: ProjectState = executor._create_project_state(  # type: ignore[attr-defined]
        with_applied_migrations=True
    )
    return state


def apply(migration: Migration, state: ProjectState, tape: Tape | None) -> ProjectState:
    """Run one migration in the schema in force, recording it when there is a tape.

    Out: the state after it. The row of the migration table is not written: see `applied_rows`.
    """
    if tape is None:
        after = _run(migration, state)
        replay(_SETTLE)
        return after
    with tape.running():
        after = _run(migration, state)
    tape.settle()
    return after


def _run(migration: Migration, state: ProjectState) -> ProjectState:
    with wrapper().schema_editor(atomic=True) as editor:
        return steps.take(migration, state, editor)


def applied_rows(migrations: list[Migration]) -> str:
    """The statement that marks migrations as applied."""
    names = [
        name
        for migration in migrations
        for name in (migration.replaces or [(migration.app_label, migration.name)])
    ]
    if not names:
        return ""
    rows = ", ".join(f"('{app}', '{name}', now())" for app, name in names)
    return f"INSERT INTO django_migrations (app, name, applied) VALUES {rows};\n"  # noqa: S608


def replay(script: str) -> None:
    """Run a script in the schema in force, in the present transaction, in one round trip."""
    with wrapper().cursor() as cursor:
        cursor.execute(script)
