"""A notice goes to everybody's mailbox."""

from uuid import UUID

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.models import Job
from core.notices import services

MAIL = "notices.mail"


@jobs.runs(MAIL, page="notice")
def mail(job: Job, tell: jobs.Tell) -> str:
    """`about` names the notice."""
    by = Person.objects.filter(pk=job.owner_id).first()
    return services.mail(UUID(job.about["notice"]), tell, by=by)
