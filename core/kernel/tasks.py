"""Tasks of the outbox and of papers."""

from uuid import UUID

from celery import shared_task

from core.kernel import outbox, papers


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
