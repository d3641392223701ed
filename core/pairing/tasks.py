"""Long work of runs: working out a draft, and publishing it."""

from uuid import UUID

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.models import Job
from core.pairing import services
from core.pairing.services.publishing import PUBLISH
from core.pairing.services.solving import SOLVE


@jobs.runs(SOLVE, page="pairing")
def solve(job: Job, tell: jobs.Tell) -> str:
    """Work out the draft of the run that the job names."""
    by = Person.objects.get(pk=job.owner_id)
    pool = services.solve(UUID(job.about["pool"]), by=by, told=tell)
    return f"{pool.figures['matched']} of {pool.figures['mentees']} have somebody in the draft."


@jobs.runs(PUBLISH, page="pairing")
def publish(job: Job, tell: jobs.Tell) -> str:
    """Publish the draft of the run that the job names, as it was confirmed."""
    about = job.about
    pool = services.publish(
        UUID(about["pool"]),
        words=about["words"],
        at_once=about["at_once"],
        seal=about["seal"],
        by=Person.objects.get(pk=job.owner_id),
        told=tell,
    )
    return f"{pool.pairs.exclude(mentorship=None).count()} pairs are published and told by e-mail."
