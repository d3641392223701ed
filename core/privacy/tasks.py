"""Tasks of privacy: erasing, reminders, retention, copies."""

from uuid import UUID

from celery import shared_task

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.errors import RuleBroken
from core.kernel.models import Job
from core.privacy.models import AskState, ErasureRequest
from core.privacy.queries.copying import KIND
from core.privacy.services import asking, copying, erasing, keeping


@jobs.runs("privacy.erase", page="erasures")
def erase(job: Job, tell: jobs.Tell) -> str:
    """Carry out what a member asked for."""
    asked = (
        ErasureRequest.objects.select_for_update()
        .filter(pk=UUID(job.about["request"]), state=AskState.WAITING)
        .first()
    )
    if asked is None:
        raise RuleBroken("This request was settled already.")
    by = Person.objects.get(pk=job.owner_id)
    receipt = erasing.carry_out(asked, by=by, progress=tell)
    return f"Everything is erased. Receipt {receipt.number}."


@shared_task(name="privacy.remind")
def remind() -> int:
    """Remind the team of requests whose month runs out; returns how many."""
    return asking.remind()


@shared_task(name="privacy.tidy")
def tidy() -> int:
    """Finish erasures: mails on their way, files, what came late; returns how many."""
    return erasing.tidy()


@shared_task(name="privacy.retain")
def retain() -> int:
    """Remove what is older than the institute wants; returns how many rows went."""
    return keeping.retain()


@jobs.runs(KIND)
def make_copy(job: Job, tell: jobs.Tell) -> str:
    """Make the copy of what is stored about somebody."""
    return copying.make(job, tell)


@shared_task(name="privacy.sweep_copies")
def sweep_copies() -> int:
    """Remove copies whose time is over; returns how many."""
    return copying.sweep()
