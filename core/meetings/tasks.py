"""Tasks of meetings."""

from celery import shared_task

from core.meetings import services


@shared_task(name="meetings.remind")
def remind() -> int:
    """Remind both of what begins within a day; returns how many meetings."""
    return services.remind()
