"""Tasks of mentorships."""

from celery import shared_task

from core.mentorships import services


@shared_task(name="mentorships.climb_ladder")
def climb_ladder() -> tuple[int, int]:
    """Let lapse, and remind; returns how many of each. Safe to run at any time (product C5)."""
    return services.climb()
