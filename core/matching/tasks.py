"""Tasks of matching."""

from celery import shared_task

from core.matching import services


@shared_task(name="matching.rebuild_listings")
def rebuild_listings() -> int:
    """Bring every listing of this site in line; returns how many were not."""
    return services.rebuild_listings()
