"""The daily round of memberships."""

from celery import shared_task

from core.kernel import jobs
from core.kernel.models import Job
from core.membership.models import Feed
from core.membership.services import arriving, feeding, standing


@shared_task(name="membership.end")
def end() -> int:
    """End what has had its days of grace, and let the policy in force hold; returns how many."""
    arriving.forget_tickets()
    return standing.end_due() + standing.put_out_due()


@shared_task(name="membership.fetch")
def fetch() -> bool:
    """Ask the society what changed, where the team has switched that on."""
    if not Feed.objects.filter(is_on=True).exists():
        return False
    return feeding.fetch() is not None


@jobs.runs("membership.fetch", page="membership")
def fetch_now(job: Job, tell: jobs.Tell) -> str:
    """The same, because somebody of the team asked for it."""
    run = feeding.fetch(by_name=job.about["by"], tell=tell)
    if run is None:
        return "A round is under way already."
    return f"{run.words[:1].upper()}{run.words[1:]}. {run.message}".strip()
