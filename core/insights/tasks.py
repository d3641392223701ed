"""Tasks of the overview."""

from celery import shared_task

from core.insights import services


@shared_task(name="insights.count")
def count_figures() -> bool:
    """Count the figures anew. Safe to run at any time; False when another run did."""
    return services.count()
