"""Tasks of messaging."""

from celery import shared_task

from core.messaging import services


@shared_task(name="messaging.announce_waiting")
def announce_waiting() -> int:
    """Tell people by mail of messages that have waited some minutes."""
    return services.announce_waiting()
