"""Runs that operators asked for, and the clock's round. Progress and refusals are in the rows."""

from contextlib import closing, suppress
from uuid import UUID

from celery import shared_task

from tenants.backups import sweeping
from tenants.backups.kept import institute_called, opened
from tenants.backups.making import back_up
from tenants.backups.restoring import restore
from tenants.backups.runs import failed, operator_of
from tenants.celery import PlatformTask
from tenants.errors import TenancyError
from tenants.keeping import PlatformRun, RunKind, RunOutcome


@shared_task(name="tenants.run_for_operators", base=PlatformTask)
def run_for_operators(run_id: str) -> None:
    """Carry out one run. What is refused stands in its row."""
    run = PlatformRun.objects.get(pk=UUID(run_id))
    if run.outcome != RunOutcome.WAITING:  # given up meanwhile, or the task came twice
        return
    by, about = operator_of(run), run.about
    with suppress(TenancyError):
        try:
            if run.kind == RunKind.BACKUP:
                institute = institute_called(run.slug)
                back_up(institute, by=by, reason=about.get("reason", ""), run_id=run.pk)
            elif run.kind == RunKind.RESTORE:
                with closing(opened(UUID(about["backup"]))) as file:
                    restore(
                        file, by=by, slug=run.slug, name=about.get("name") or None,
                        opens=bool(about.get("opens")), run_id=run.pk,
                    )  # fmt: skip
        except TenancyError as problem:
            failed(run.pk, str(problem))
            raise


@shared_task(name="tenants.keep_order", base=PlatformTask)
def keep_order() -> None:
    """Put killed runs right, delete the institutes that are due, drop what was given up."""
    sweeping.sweep()
