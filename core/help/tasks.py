"""Tasks of help."""

from celery import shared_task

from core.help import services


@shared_task(name="help.remind_of_complaints")
def remind_of_complaints() -> int:
    """Remind the team of complaints that nobody has confirmed; returns how many."""
    return services.remind_of_complaints()
