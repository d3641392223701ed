"""Schemas that no institute has any more: dropped with their files, once nobody can be in them."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from psycopg import sql

from core.kernel.clock import now
from tenants.context import platform_scope, wrapper
from tenants.keeping import RetiredSchema
from tenants.models import Institute, State
from tenants.names import is_schema_name
from tenants.storage import forget_files


def retire(schema_name: str, slug: str) -> None:
    """Note that a schema is to be dropped, in the transaction that takes it from its institute."""
    with platform_scope():
        RetiredSchema.objects.get_or_create(schema_name=schema_name, defaults={"slug": slug})


def drop_retired() -> list[str]:
    """Drop what is due, with its files; out: the names. Killed half-way, it goes on next time.

    Processes remember for a few seconds which schema an institute has, so long is waited.
    """
    patience = timedelta(seconds=float(getattr(settings, "HOST_MEMORY_SECONDS", 5)))
    with platform_scope():
        waiting = list(
            RetiredSchema.objects.filter(files_gone_at=None, retired_at__lte=now() - patience)
        )
    for row in waiting:
        _drop(row)
    return [row.schema_name for row in waiting]


def _drop(row: RetiredSchema) -> None:
    name = row.schema_name
    with platform_scope():
        standing = Institute.objects.exclude(state=State.DELETED).filter(schema_name=name)
        if not is_schema_name(name) or standing.exists():
            raise RuntimeError(f"{name} is in use and is not dropped.")
        if row.dropped_at is None:
            with transaction.atomic(), wrapper().cursor() as cursor:
                cursor.execute(
                    sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE")
                    .format(sql.Identifier(name))
                    .as_string(None)
                )
                row.dropped_at = now()
                row.save(update_fields=("dropped_at",))
    forget_files(name)
    with platform_scope():
        RetiredSchema.objects.filter(pk=row.pk).update(files_gone_at=now())
