"""Tasks of bridges."""

from celery import shared_task

from core.bridges.services import rescue


@shared_task(name="bridges.send_rescue")
def send_rescue(person_id: str) -> bool:
    """Write a rescue link to one of the team."""
    return rescue.write(person_id)
