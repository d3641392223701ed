"""Tasks of goals."""

from celery import shared_task

from core.goals import services


@shared_task(name="goals.remind")
def remind() -> int:
    """Remind owners of goals whose date is near; returns how many."""
    return services.remind()


@shared_task(name="goals.sweep")
def sweep() -> int:
    """Remove for good what was deleted a month ago; returns how many goals."""
    return services.sweep()
