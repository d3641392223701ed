"""What operators do to institutes, written down twice: for the platform and for the institute.

The institute's own audit trail tells its staff; the platform's record outlives the institute.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from core.kernel import audit
from tenants.context import platform_scope, tenant_context, wrapper
from tenants.models import Institute
from tenants.standing import OperatorDeed


@dataclass(frozen=True)
class Operator:
    """Who does it. `pk` is the key in the operators' own schema; None for a command's user."""

    pk: UUID | None
    full_name: str


COMMAND_LINE = Operator(None, "Command line (platform operator)")


def record(verb: str, institute: Institute, *, by: Operator, **facts: Any) -> OperatorDeed:
    """Write one deed, in the transaction of the deed itself.

    In: a verb like "operator.suspended"; `facts` that JSON can hold, without secrets. The
    institute's own trail is left out where its schema is not there. Raises RuntimeError outside a
    transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a deed is recorded inside its transaction")
    with platform_scope():
        deed = OperatorDeed.objects.create(
            institute=institute,
            institute_name=institute.name,
            verb=verb,
            operator_key=by.pk,
            operator_name=by.full_name,
            facts=facts,
        )
    if _has_trail(institute):
        with tenant_context(institute):
            audit.record(verb, thing=institute, by=by, **facts)
    return deed


def _has_trail(institute: Institute) -> bool:
    with platform_scope(), wrapper().cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables"
            " WHERE schemaname = %s AND tablename = 'kernel_auditentry')",
            [institute.schema_name],
        )
        return bool(cursor.fetchone()[0])
