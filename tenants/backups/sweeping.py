"""What the clock does: puts killed runs right, deletes what is due, drops what was given up."""

from datetime import timedelta

from core.kernel.clock import now
from tenants.backups import files
from tenants.backups.deleting import delete_due
from tenants.backups.retiring import drop_retired
from tenants.backups.runs import INTERRUPTED
from tenants.context import platform_scope
from tenants.keeping import Backup, PlatformRun, RunKind, RunOutcome
from tenants.locks import give_back, take
from tenants.models import Institute, State
from tenants.services import set_state
from tenants.storage import forget_files

PATIENCE = timedelta(minutes=10)  # a run that no worker took up within this time never will be


def sweep() -> None:
    """One round: repeatable, and safe beside runs that are at work."""
    with platform_scope():
        unfinished = list(PlatformRun.objects.filter(outcome=RunOutcome.RUNNING))
        PlatformRun.objects.filter(
            outcome=RunOutcome.WAITING, started_at__lt=now() - PATIENCE
        ).update(outcome=RunOutcome.FAILED, message="No worker took it up.", ended_at=now())
    for run in unfinished:
        put_right(run)
    delete_due()
    drop_retired()


def put_right(run: PlatformRun) -> bool:
    """Put a run right that was killed; False for one that is still at work."""
    with platform_scope():
        if not take(run.slug):
            return False
        try:
            run.refresh_from_db()
            if run.outcome == RunOutcome.RUNNING:
                _put_right(run)
        finally:
            give_back(run.slug)
    return True


def _put_right(run: PlatformRun) -> None:
    came_to_be = _came_to_be(run)
    if not came_to_be:
        if run.schema_name:
            forget_files(run.schema_name)
        if run.kind == RunKind.BACKUP:
            files.forget_archive(files.archive_name(run.pk))
        institute = Institute.objects.filter(slug=run.slug).first()
        if run.report.get("reopen") and institute and institute.state == State.SUSPENDED:
            set_state(institute, State.ACTIVE)
    PlatformRun.objects.filter(pk=run.pk, outcome=RunOutcome.RUNNING).update(
        outcome=RunOutcome.DONE if came_to_be else RunOutcome.FAILED,
        message="It was interrupted after its end." if came_to_be else INTERRUPTED,
        ended_at=now(),
    )


def _came_to_be(run: PlatformRun) -> bool:
    """Whether the transaction of a run was committed before it was killed."""
    if run.kind == RunKind.RESTORE:
        return Institute.objects.filter(schema_name=run.schema_name).exists()
    if run.kind == RunKind.BACKUP:
        return Backup.objects.filter(stored_as=files.archive_name(run.pk)).exists()
    return False
