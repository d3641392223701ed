"""Tasks of mentorships."""

from celery import shared_task

from core.mentorships import services


@shared_task(name="mentorships.climb_ladder")
def climb_ladder() -> tuple[int, int]:
    """Let lapse, and remind; returns how many of each. Safe to run at any time (product C5)."""
    return services.climb()


@shared_task(name="mentorships.tell_waiting")
def tell_waiting() -> int:
    """Offer free places to the next ones of the waiting lists (product B10)."""
    return services.tell_waiting()
