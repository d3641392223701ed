"""Tasks of people: mails of invitations, and the jobs that staff order."""

from uuid import UUID

from celery import shared_task
from django.db import transaction

from core.kernel import jobs
from core.kernel.models import Job
from core.people.services import exporting, importing, invitations, keeping, undoing


@shared_task(name="people.send_invitations")
def send_invitations() -> int:
    """Write the mails of invitations that have none yet; returns how many."""
    return invitations.send_due()


@shared_task(name="people.sweep")
def sweep() -> int:
    """What nobody rang for, reminders, and files and reports whose time is over."""
    keeping.clear_out()
    return invitations.send_due() + invitations.remind_due()


@jobs.runs("people.check", page="people_import")
def check(job: Job, tell: jobs.Tell) -> str:
    """The dry run of a file."""
    return importing.check(_file(job), tell)


@jobs.runs("people.import", page="people_import")
def carry_out(job: Job, tell: jobs.Tell) -> str:
    """Import a file that was checked; mails are written after it, so that it is soon over."""
    transaction.on_commit(send_invitations.delay, robust=True)
    return importing.carry_out(_file(job), job.owner_id, tell)


@jobs.runs("people.undo", page="people_import")
def take_back(job: Job, tell: jobs.Tell) -> str:
    """Take an import back."""
    return undoing.take_back(_file(job), job.owner_id, tell)


@jobs.runs("people.export", page="people_export")
def export(job: Job, tell: jobs.Tell) -> str:
    """Write a large file of people."""
    return exporting.make(UUID(job.about["export"]), tell)


def _file(job: Job) -> UUID:
    return UUID(job.about["file"])
