"""Tasks of profiles."""

from celery import shared_task

from core.profiles import services


@shared_task(name="profiles.welcome_back")
def welcome_back() -> int:
    """Make mentors available again on the day they named (product B11)."""
    return services.welcome_back()
