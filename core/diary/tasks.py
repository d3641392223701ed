"""Tasks of the diary."""

from celery import shared_task

from core.diary import services


@shared_task(name="diary.forget_deleted")
def forget_deleted() -> int:
    """Remove what was deleted a day ago."""
    return services.forget_deleted()
