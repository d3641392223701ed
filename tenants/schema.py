"""Making the schema of an institute fast: by replaying what was recorded once.

Migrating a fresh schema runs hundreds of statements and takes more than a second. The statements
are always the same, so they are recorded once for a set of migrations, kept in the shared schema,
and replayed in one round trip and one transaction. Source: architecture, "New tenants and
upgrades do not run the migration machinery once a tenant".
"""

import hashlib
import inspect
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tenants import contents, recording, steps
from tenants.catalogue import catalogue
from tenants.context import platform_scope, schema_scope, wrapper
from tenants.errors import UpgradeRefused
from tenants.models import Recording
from tenants.names import new_schema_name

_FORMAT = "1"
_LOCK = 0x17AC0002


def labels(names: list[str]) -> set[str]:
    """The labels of installed apps, given as settings give them."""
    return {
        config.label
        for config in apps.get_app_configs()
        if config.name in names or f"{type(config).__module__}.{type(config).__qualname__}" in names
    }


def targets(loader: MigrationLoader, names: list[str]) -> list[tuple[str, str]]:
    """The newest migrations of the apps in a list."""
    wanted = labels(names)
    return [leaf for leaf in loader.graph.leaf_nodes() if leaf[0] in wanted]


def create_schema(schema_name: str) -> None:
    """Make and fill a schema, in the present transaction.

    Raises UpgradeRefused when the migrations cannot be recorded.
    """
    made = recorded()
    with schema_scope(schema_name):
        recording.replay(f'CREATE SCHEMA "{schema_name}";\n{made.statements}')


def recorded() -> Recording:
    """The recording for the migrations of the code; made now if there is none."""
    mark = fingerprint()
    with platform_scope():
        found = Recording.objects.filter(pk=mark).first()
    return found or _record(mark)


def fingerprint() -> str:
    """A mark of everything that decides what a fresh schema looks like."""
    modules = tuple(sorted((settings.MIGRATION_MODULES or {}).items()))
    return _fingerprint(tuple(settings.TENANT_APPS), modules)


@lru_cache(maxsize=8)
def _fingerprint(tenant_apps: tuple[str, ...], modules: tuple[tuple[str, str], ...]) -> str:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    whole = hashlib.sha256(f"{_FORMAT} {django.VERSION} {tenant_apps}".encode())
    whole.update(contents.described().encode())
    for name in (recording.__name__, steps.__name__, contents.__name__):
        whole.update(_source(name))
    for (app_label, name), migration in sorted(loader.disk_migrations.items()):
        whole.update(f"{app_label}.{name}".encode() + _source(type(migration).__module__))
    return whole.hexdigest()


def _source(module: str) -> bytes:
    file = inspect.getsourcefile(import_module(module))
    return Path(file).read_bytes() if file else b""


def forget_fingerprint() -> None:
    """Look at the migration files again: for tests, where files change in one process."""
    _fingerprint.cache_clear()


def _record(mark: str) -> Recording:
    """Migrate a schema that is never committed, keep the statements, and prove them."""
    known = contents.known_contents()
    with platform_scope(), transaction.atomic():
        with wrapper().cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        found = Recording.objects.filter(pk=mark).first()
        if found is not None:
            return found
        statements, original = _tried(lambda: _migrated(known))
        _, replayed = _tried(lambda: _replayed(statements))
        if original != replayed:
            odd = sorted(set(original) ^ set(replayed))
            raise UpgradeRefused(f"The recorded statements make another schema: {odd[:3]}.")
        digest = hashlib.sha256(repr(original).encode()).hexdigest()
        return Recording.objects.create(fingerprint=mark, statements=statements, catalogue=digest)


def _tried(make: Callable[[], str]) -> tuple[str, list[tuple[str, ...]]]:
    """What `make` returns and the catalogue of the schema it made; the schema is rolled back."""
    name = new_schema_name()
    with schema_scope(name), transaction.atomic():
        recording.replay(f'CREATE SCHEMA "{name}"')
        made = make()
        if name in made:
            raise UpgradeRefused(
                "A migration names the schema it runs in, so it cannot be replayed."
            )
        seen = catalogue(name)
        transaction.set_rollback(True)
    return made, seen


def _migrated(known: contents.Contents) -> str:
    tape = recording.Tape()
    executor = MigrationExecutor(wrapper())
    plan = plan_of(executor, settings.TENANT_APPS)
    recording.refuse_halves(plan)
    with tape.running():
        executor.recorder.ensure_schema()
    state = recording.state_of(executor)
    for migration in plan:
        state = recording.apply(migration, state, tape)
    tape.add(recording.applied_rows(plan))
    tape.add(contents.first_statements(known))
    return tape.text


def _replayed(statements: str) -> str:
    recording.replay(statements)
    return ""


def plan_of(executor: MigrationExecutor, names: list[str]) -> list[Migration]:
    """The migrations that the schema in force lacks, in order."""
    plan = executor.migration_plan(targets(executor.loader, names))
    backwards = [migration for migration, back in plan if back]
    if backwards:
        raise UpgradeRefused(f"{backwards[0]} would have to be undone, which is not done here.")
    return [migration for migration, _ in plan]
