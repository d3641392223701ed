"""Tasks of the outbox."""

from uuid import UUID

from celery import shared_task

from core.kernel import outbox


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
