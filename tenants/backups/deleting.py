"""Deleting an institute: asked for, waited for, done, and told in a receipt.

From the moment it is asked for the institute is suspended; until the waiting period is over that
can be taken back. Then its schema and files go for good. Its row stays as "deleted", so that
neither its schema name nor its short name is ever given to anybody else. Each step is repeatable:
a deletion that is killed goes on with the next round of the clock.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from core.kernel.clock import now
from tenants import deeds
from tenants.backups.files import forget_archive
from tenants.backups.making import fingerprint_of, keep, refuse_odd
from tenants.backups.retiring import drop_retired, retire
from tenants.backups.runs import Run, Tell, running
from tenants.context import platform_scope
from tenants.deeds import Operator
from tenants.errors import DeedRefused
from tenants.hosts import forget_hosts
from tenants.keeping import Backup, Deletion, DeletionState, RetiredSchema, RunKind, RunOutcome
from tenants.models import Domain, Institute, State

_log = logging.getLogger(__name__)
SUSPENDED_FOR = "It is to be deleted."
LONGEST_REASON = 500


def ask(
    institute: Institute, *, by: Operator, reason: str, typed_name: str, keeps_backup: bool = True
) -> Deletion:
    """Ask for the deletion of an institute: it is suspended at once, and deleted when it is due.

    Raises DeedRefused without a reason, when the name that was typed is not the short name, and
    when it is asked for already.
    """
    refuse_odd(institute)
    reason = reason.strip()
    if typed_name.strip() != institute.slug:
        raise DeedRefused(f"To be sure, type the short name exactly: {institute.slug}.")
    if not reason or len(reason) > LONGEST_REASON:
        raise DeedRefused(f"Give the reason, in {LONGEST_REASON} characters or fewer.")
    asked_at = now()
    try:
        with platform_scope(), transaction.atomic():
            made = Deletion.objects.create(
                institute=institute, institute_name=institute.name, slug=institute.slug,
                reason=reason, keeps_backup=keeps_backup, former_state=institute.state,
                operator_key=by.pk, operator_name=by.full_name, asked_at=asked_at,
                due_at=asked_at + timedelta(days=settings.INSTITUTE_DELETION_DAYS),
            )  # fmt: skip
            _set(institute, State.SUSPENDED, why=SUSPENDED_FOR)
            deeds.record(
                "operator.asked_to_delete", institute, by=by, reason=reason,
                due=made.due_at.isoformat(timespec="minutes"),
            )  # fmt: skip
    except IntegrityError:
        raise DeedRefused(f"The deletion of {institute.slug!r} is asked for already.") from None
    return made


def cancel(deletion: Deletion, *, by: Operator) -> Institute:
    """Take a deletion back; the institute is as it was before. Raises DeedRefused when late."""
    with platform_scope(), transaction.atomic():
        row = Deletion.objects.select_for_update().get(pk=deletion.pk)
        institute = row.institute
        if row.state != DeletionState.WAITING or "begun" in row.receipt:
            raise DeedRefused("It is too late: the deletion has begun or has ended.")
        row.state, row.ended_at = DeletionState.CANCELLED, now()
        row.save(update_fields=("state", "ended_at"))
        _set(institute, State(row.former_state), why="")
        deeds.record("operator.cancelled_deletion", institute, by=by)
    return institute


def waiting_for(institute: Institute) -> Deletion | None:
    """The deletion that an institute waits for."""
    with platform_scope():
        return Deletion.objects.filter(institute=institute, state=DeletionState.WAITING).first()


def delete_due(tell: Tell | None = None) -> list[Deletion]:
    """Carry out every deletion whose waiting period is over; out: those that are done now."""
    with platform_scope():
        due = list(
            Deletion.objects.filter(state=DeletionState.WAITING, due_at__lte=now()).order_by("pk")
        )
    done = []
    for deletion in due:
        try:
            done.append(carry_out(deletion, tell=tell))
        except DeedRefused:  # something else is being done to it: the next round comes soon
            continue
        except Exception:  # the storage is away, say: the others do not wait for that
            _log.exception("The deletion of %s could not be carried out.", deletion.slug)
    drop_retired()
    return done


def carry_out(
    deletion: Deletion, *, run_id: UUID | None = None, tell: Tell | None = None
) -> Deletion:
    """Delete an institute whose time has come; begun once, it can be begun again.

    Raises DeedRefused before its time, and while something else is done to the institute.
    """
    by = Operator(deletion.operator_key, deletion.operator_name)
    with platform_scope():
        slug = Institute.objects.get(pk=deletion.institute_id).slug
    with running(RunKind.DELETE, slug, by=by, run_id=run_id, tell=tell) as run:
        with platform_scope(), transaction.atomic():
            row = Deletion.objects.select_for_update().get(pk=deletion.pk)
            if not row.is_due(now()):
                raise DeedRefused(f"{row.slug!r} is not to be deleted now.")
            row.receipt = {**row.receipt, "begun": now().isoformat(timespec="seconds")}
            row.save(update_fields=("receipt",))
            institute = row.institute
        done = _gone(row, institute, run, by)
        run.note(deletion=str(done.pk))
        run.close(RunOutcome.DONE, "The schema is given up. The receipt tells what was in it.")
    return done


def _gone(row: Deletion, institute: Institute, run: Run, by: Operator) -> Deletion:
    if row.keeps_backup and row.backup_id is None:
        made = keep(institute, run, by=by, reason="Final backup before the deletion")
        with platform_scope():
            Deletion.objects.filter(pk=row.pk).update(backup=made)
            row.backup = made
    run.step("Writing the receipt", 1, 2)
    held = fingerprint_of(institute.schema_name)
    run.step("Giving up the schema", 2, 2)
    with platform_scope(), transaction.atomic():
        addresses = list(
            Domain.objects.filter(institute=institute).values_list("domain", flat=True)
        )
        row.receipt = _receipt(row, institute, held, addresses)
        row.state, row.ended_at = DeletionState.DONE, now()
        row.save(update_fields=("receipt", "state", "ended_at"))
        deeds.record("operator.deleted", institute, by=by, reason=row.reason)
        Domain.objects.filter(institute=institute).delete()
        _set(institute, State.DELETED, why="")
        retire(institute.schema_name, institute.slug)
    return row


def _receipt(
    row: Deletion, institute: Institute, held: dict[str, dict[str, list[object]]], names: list[str]
) -> dict[str, object]:
    backup = row.backup
    return {
        "what": f"The institute {institute.name} ({institute.slug}) with everything in it.",
        "institute": str(institute.pk),
        "schema": institute.schema_name,
        "addresses": sorted(names),
        "reason": row.reason,
        "asked_by": row.operator_name,
        "asked_at": row.asked_at.isoformat(timespec="seconds"),
        "due_at": row.due_at.isoformat(timespec="seconds"),
        "begun": row.receipt.get("begun", ""),
        "deleted_at": now().isoformat(timespec="seconds"),
        "backup": {"id": str(backup.pk), "sha256": backup.sha256} if backup else None,
        "rows": sum(int(str(count)) for count, _ in held["tables"].values()),
        "tables": {name: {"rows": n, "sha256": mark} for name, (n, mark) in held["tables"].items()},
        "files": {name: {"bytes": n, "sha256": mark} for name, (n, mark) in held["files"].items()},
    }


def whole_receipt(deletion: Deletion) -> dict[str, object]:
    """The receipt with what became of the schema and the files since."""
    with platform_scope():
        gone = RetiredSchema.objects.filter(
            schema_name=str(deletion.receipt.get("schema", ""))
        ).first()
    when = {
        "schema_dropped_at": gone.dropped_at if gone else None,
        "files_removed_at": gone.files_gone_at if gone else None,
    }
    return {
        **deletion.receipt,
        **{name: at.isoformat(timespec="seconds") if at else None for name, at in when.items()},
    }


def forget_backup(backup: Backup, *, by: Operator) -> None:
    """Remove a kept archive for good."""
    with platform_scope(), transaction.atomic():
        if backup.institute is not None:
            deeds.record("operator.removed_backup", backup.institute, by=by, backup=str(backup.pk))
        stored_as = backup.stored_as
        Backup.objects.filter(pk=backup.pk).delete()
        transaction.on_commit(lambda: forget_archive(stored_as))


def _set(institute: Institute, state: State, *, why: str) -> None:
    suspended = state == State.SUSPENDED
    Institute.objects.filter(pk=institute.pk).update(
        state=state, suspended_for=why, suspended_at=now() if suspended else None
    )
    institute.state = state
    transaction.on_commit(forget_hosts)
