"""Tasks of the outbox, of papers and of jobs."""

from uuid import UUID

from celery import shared_task

from core.kernel import jobs, outbox, papers


@shared_task(name="kernel.deliver_mail")
def deliver_mail(mail_id: str) -> bool:
    """Send one mail, if it is still due."""
    return outbox.deliver(UUID(mail_id))


@shared_task(name="kernel.sweep_outbox")
def sweep_outbox() -> int:
    """Ring again for every due mail that nobody sent; returns how many."""
    mail_ids = outbox.left_over()
    for mail_id in mail_ids:
        deliver_mail.delay(str(mail_id))
    return len(mail_ids)


@shared_task(name="kernel.make_paper")
def make_paper(paper_id: str) -> bool:
    """Make one PDF, if it still waits for that."""
    return papers.make(UUID(paper_id))


@shared_task(name="kernel.sweep_papers")
def sweep_papers() -> int:
    """Throw away PDFs of yesterday, and ring again for those that nobody made."""
    return papers.sweep()


@shared_task(name="kernel.run_job", soft_time_limit=1500, time_limit=1560)
def run_job(job_id: str) -> bool:
    """Do one piece of long work, if nobody does it."""
    return jobs.run(UUID(job_id))


@shared_task(name="kernel.sweep_jobs")
def sweep_jobs() -> int:
    """Ring again for work that waits or was interrupted; forget old work."""
    return jobs.sweep()
