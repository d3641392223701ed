"""The daily round of memberships."""

from celery import shared_task

from core.membership.services import arriving, standing


@shared_task(name="membership.end")
def end() -> int:
    """End what has had its days of grace, and let the policy in force hold; returns how many."""
    arriving.forget_tickets()
    return standing.end_due() + standing.put_out_due()
