"""Tasks of canvases."""

from celery import shared_task

from core.canvases import services


@shared_task(name="canvases.clear_out")
def clear_out() -> int:
    """Delete for good what was deleted long ago; returns how many."""
    return services.clear_out()
