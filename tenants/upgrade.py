"""Upgrading all schemas: each wholly or not at all, fast, and in parallel.

The institutes that lack the same migrations form a group. The first of a group runs them the
ordinary way while the statements are recorded; the others replay the record, each in one
transaction of its own. Migrations with Python steps run the ordinary way in every institute. An
institute that fails keeps its old version and is named; the rest goes on. Running again takes up
what is left. Source: architecture, "New tenants and upgrades"; trust, "Stock migration stops at
the first bad tenant".
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock

from django.conf import settings
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from psycopg import sql

from tenants import contents, faults, recording, schema
from tenants.context import platform_scope, schema_scope, wrapper
from tenants.errors import UpgradeRefused
from tenants.models import Institute, State
from tenants.standing import FaultKind

UPGRADE_LOCK = 0x17AC0003
WORKERS = 4
LOCK_SECONDS = 5
STATEMENT_SECONDS = 300
_AT_ONCE = 50

Applied = frozenset[tuple[str, str]]
Progress = Callable[[Institute, str | None], None]

# State of the models is rebuilt by Python code that all threads share.
_ordinary = Lock()


@dataclass
class Report:
    """What one run did. `failed` holds the reason for each institute that kept its version."""

    upgraded: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    """A stretch of migrations: a record to replay, or one to run the ordinary way."""

    script: str = ""
    migration: Migration | None = None
    before: ProjectState | None = None


def migrate_public() -> int:
    """Upgrade the shared schema; returns how many migrations ran."""
    with platform_scope():
        executor = MigrationExecutor(wrapper())
        plan = schema.plan_of(executor, settings.SHARED_APPS)
        recording.refuse_halves(plan)
        with transaction.atomic():
            _patience()
            executor.migrate([], plan=[(migration, False) for migration in plan])
    return len(plan)


def migrate_all(
    *,
    only: Sequence[str] = (),
    workers: int = WORKERS,
    begin: Callable[[int], None] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Upgrade the shared schema and every institute, or those with the slugs in `only`.

    In: `begin` is told how many institutes there are, `progress` each one that is dealt with.
    Out: a Report; a failing institute is no exception. Raises UpgradeRefused when another run is
    at work or a migration cannot be run wholly or not at all.
    """
    tell = progress or (lambda institute, problem: None)
    with _alone():
        migrate_public()
        with platform_scope():
            institutes = list(Institute.objects.exclude(state=State.DELETED).order_by("slug"))
        if only:
            institutes = [one for one in institutes if one.slug in set(only)]
        if begin is not None:
            begin(len(institutes))
        return _migrate(institutes, workers, tell)


def migrate_institute(institute: Institute) -> None:
    """Upgrade one institute. Raises UpgradeRefused with the reason when it kept its version."""
    with _alone():
        report = _migrate([institute], 1, lambda institute, problem: None)
    if report.failed:
        raise UpgradeRefused(report.failed[institute.slug])


def applied_in(schema_names: Sequence[str]) -> dict[str, Applied | None]:
    """The migrations that each schema has; None for a schema that is missing or empty."""
    found: dict[str, Applied | None] = dict.fromkeys(schema_names)
    with platform_scope(), wrapper().cursor() as cursor:
        cursor.execute(
            "SELECT schemaname FROM pg_catalog.pg_tables"
            " WHERE tablename = 'django_migrations' AND schemaname = ANY(%s)",
            [list(schema_names)],
        )
        there = sorted(name for (name,) in cursor.fetchall())
        for start in range(0, len(there), _AT_ONCE):
            asked = [
                sql.SQL(
                    "SELECT {}, array_agg(app || '.' || name) FROM {}.django_migrations"
                ).format(sql.Literal(name), sql.Identifier(name))
                for name in there[start : start + _AT_ONCE]
            ]
            cursor.execute(sql.SQL(" UNION ALL ").join(asked).as_string(None))
            for name, rows in cursor.fetchall():
                found[name] = frozenset(_pair(row) for row in rows or ())
    return found


def missing_in(schema_names: Sequence[str]) -> dict[str, frozenset[tuple[str, str]] | None]:
    """The migrations that each schema still lacks; None for a missing or empty schema."""
    lacking = _lacking()
    versions = applied_in(schema_names)
    return {
        name: None if version is None else lacking(version) for name, version in versions.items()
    }


def _pair(row: str) -> tuple[str, str]:
    app_label, _, name = row.partition(".")
    return app_label, name


def _migrate(institutes: Sequence[Institute], workers: int, tell: Progress) -> Report:
    report = Report()
    applied = applied_in([one.schema_name for one in institutes])
    groups: dict[Applied, list[Institute]] = defaultdict(list)
    for institute in institutes:
        version = applied[institute.schema_name]
        if version is None:
            report.failed[institute.slug] = "Its schema is missing or holds no tables."
            tell(institute, report.failed[institute.slug])
        else:
            groups[version].append(institute)
    lacking = _lacking()
    for version, members in groups.items():
        if not lacking(version):
            for institute in members:
                report.current.append(institute.slug)
                tell(institute, None)
        else:
            _upgrade_group(members, workers, report, tell)
    return report


def _lacking() -> Callable[[Applied], frozenset[tuple[str, str]]]:
    """A function that says which migrations of the code a schema with these ones lacks."""
    loader = MigrationLoader(None)
    wanted = {
        key
        for target in schema.targets(loader, settings.TENANT_APPS)
        for key in loader.graph.forwards_plan(target)
    }
    replaced = {key: set(migration.replaces) for key, migration in loader.replacements.items()}
    return lambda version: frozenset(
        key
        for key in wanted
        if key not in version and not (key in replaced and replaced[key] <= version)
    )


def _upgrade_group(members: list[Institute], workers: int, report: Report, tell: Progress) -> None:
    """The first one that can be upgraded makes the record; the others replay it."""
    parts: list[_Part] | None = None
    waiting = list(members)
    while waiting and parts is None:
        institute = waiting.pop(0)
        made: list[list[_Part]] = []
        _note_outcome(institute, _problem(institute, _recording_into(made)), report, tell)
        parts = made[0] if made and institute.slug in report.upgraded else None
    if not waiting or parts is None:
        return
    for institute, problem in _in_parallel(waiting, parts, workers):
        _note_outcome(institute, problem, report, tell)


def _in_parallel(
    waiting: list[Institute], parts: list[_Part], workers: int
) -> Iterator[tuple[Institute, str | None]]:
    """Upgrade the institutes in threads, each with one connection; out: each as it is done."""
    todo: SimpleQueue[Institute] = SimpleQueue()
    done: SimpleQueue[tuple[Institute, str | None]] = SimpleQueue()
    for institute in waiting:
        todo.put(institute)

    def work_off() -> None:
        try:
            while not todo.empty():
                work_on_next()
        finally:
            wrapper().close()

    def work_on_next() -> None:
        try:
            institute = todo.get_nowait()
        except Empty:
            return
        try:
            problem = _problem(institute, lambda _: _replayed(parts))
        except Exception as fault:  # whatever it is, somebody waits for an answer
            problem = str(fault)
        done.put((institute, problem))

    threads = min(len(waiting), max(1, workers))
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="upgrade") as pool:
        for _ in range(threads):
            pool.submit(work_off)
        for _ in waiting:
            yield done.get()


def _recording_into(made: list[list[_Part]]) -> Callable[[str], None]:
    return lambda schema_name: made.append(_recorded(schema_name))


def _note_outcome(
    institute: Institute, problem: str | None, report: Report, tell: Progress
) -> None:
    if problem is None:
        report.upgraded.append(institute.slug)
        faults.forget(institute, FaultKind.UPGRADE)
    else:
        report.failed[institute.slug] = problem
        faults.note(institute, FaultKind.UPGRADE, what=problem)
    tell(institute, problem)


def _problem(institute: Institute, work: Callable[[str], None]) -> str | None:
    """Do the work in one transaction; the reason when it failed, and nothing has changed."""
    try:
        with schema_scope(institute.schema_name), transaction.atomic():
            _patience()
            work(institute.schema_name)
    except UpgradeRefused:
        raise
    except Exception as problem:
        return str(problem).strip().splitlines()[0] if str(problem).strip() else repr(problem)
    return None


def _patience() -> None:
    recording.replay(
        f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s';"
        f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'"
    )


def upgrade_here(schema_name: str) -> None:
    """Upgrade the schema in force within the present transaction, which holds upgrades off."""
    _recorded(schema_name)


def _recorded(schema_name: str) -> list[_Part]:
    """Upgrade the schema in force the ordinary way; out: what the others of its group do."""
    with _ordinary:
        executor = MigrationExecutor(wrapper())
        plan = schema.plan_of(executor, settings.TENANT_APPS)
        recording.refuse_halves(plan)
        renamed = contents.renames(plan)
        contents.rename_known(renamed)
        known = contents.known_contents()
        state = recording.state_of(executor)
        parts: list[_Part] = []
        tape = recording.Tape()
        for migration in plan:
            if recording.is_plain(migration):
                state = recording.apply(migration, state, tape)
                continue
            parts += [_Part(script=tape.text), _Part(migration=migration, before=state.clone())]
            tape = recording.Tape()
            state = recording.apply(migration, state, None)
        closing = (
            recording.applied_rows(plan)
            + contents.rename_statements(renamed)
            + contents.statements(known)
        )
        recording.replay(closing)
        tape.add(closing)
        parts.append(_Part(script=tape.text))
    if any(schema_name in part.script for part in parts):
        raise UpgradeRefused("A migration names the schema it runs in, so it cannot be replayed.")
    return [part for part in parts if part.script or part.migration]


def _replayed(parts: list[_Part]) -> None:
    for part in parts:
        if part.migration is None or part.before is None:
            recording.replay(part.script)
            continue
        with _ordinary:
            recording.apply(part.migration, part.before.clone(), None)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of upgrades: one run at a time, and no institute is made meanwhile."""
    with platform_scope(), wrapper().cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [UPGRADE_LOCK])
        if not cursor.fetchone()[0]:
            raise UpgradeRefused(
                "Another upgrade is running, or an institute is being made: wait until it is done."
            )
    try:
        yield
    finally:
        with platform_scope(), wrapper().cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [UPGRADE_LOCK])


def no_upgrade_meanwhile() -> None:
    """Hold upgrades off until the present transaction ends. Raises UpgradeRefused during one."""
    with platform_scope(), wrapper().cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [UPGRADE_LOCK])
        if not cursor.fetchone()[0]:
            raise UpgradeRefused("An upgrade is running: try again when it is done.")
