"""The empty tables into which an archive is poured: those of the version that it was made by."""

from django.conf import settings
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tenants import recording, schema
from tenants.backups.archive import BackupRefused
from tenants.context import schema_scope, wrapper

Applied = frozenset[tuple[str, str]]


def missing(applied: Applied) -> int:
    """How many migrations of the code an archive with these ones lacks.

    Raises BackupRefused when it has one that the code does not know, or is not of one piece.
    """
    loader = MigrationLoader(None)
    unknown = sorted(applied - set(loader.disk_migrations))
    if unknown:
        raise BackupRefused(
            "This archive was made by a newer version of the platform: it has the migration "
            f"{'.'.join(unknown[0])}, which is not known here. Bring the platform up to date "
            "first. Nothing was touched."
        )
    wanted = {
        key
        for target in schema.targets(loader, settings.TENANT_APPS)
        for key in loader.graph.forwards_plan(target)
    }
    for key in applied & wanted:
        if not set(loader.graph.forwards_plan(key)) <= applied:
            raise BackupRefused(
                f"The migrations of this archive do not fit together: {'.'.join(key)} is there "
                "without one that it needs. Nothing was touched."
            )
    return len(wanted - applied)


def make(schema_name: str, applied: Applied) -> None:
    """Make a schema as it is after these migrations, in the present transaction."""
    if not missing(applied):
        schema.create_schema(schema_name)
        return
    with schema_scope(schema_name):
        recording.replay(f'CREATE SCHEMA "{schema_name}"')
        executor = MigrationExecutor(wrapper())
        executor.recorder.ensure_schema()
        state = recording.state_of(executor)
        for migration in schema.plan_of(executor, settings.TENANT_APPS):
            if _key(migration) in applied:
                state = recording.apply(migration, state, None)


def _key(migration: Migration) -> tuple[str, str]:
    return migration.app_label, migration.name
