"""Tasks of feedback."""

from celery import shared_task

from core.feedback import services


@shared_task(name="feedback.ask_midway")
def ask_midway() -> int:
    """Ask those in the middle of their journey; returns how many people. Safe at any time."""
    return services.ask_midway()


@shared_task(name="feedback.write")
def write() -> tuple[int, int]:
    """Write to those who were asked, and remind; returns how many of each. Safe at any time."""
    return services.write_to_asked(), services.remind()
