"""Tasks of bridges."""

import logging

from celery import shared_task

from core.bridges.models import Provider
from core.bridges.services import rescue
from core.bridges.services.saml import keeping, own_keys
from core.bridges.services.saml.documents import Unreadable

logger = logging.getLogger(__name__)


@shared_task(name="bridges.send_rescue")
def send_rescue(person_id: str) -> bool:
    """Write a rescue link to one of the team."""
    return rescue.write(person_id)


@shared_task(name="bridges.refresh_metadata")
def refresh_metadata() -> int:
    """Ask SAML providers for their keys again; gives how many answered. One that is down waits.

    Old keys of ours are forgotten at the same time.
    """
    own_keys.forget_old()
    answered = 0
    for provider in keeping.due():
        try:
            keeping.refresh(provider)
        except Unreadable as problem:
            logger.warning("Metadata of %s were not refreshed: %s", provider.pk, problem)
        else:
            answered += 1
    return answered


@shared_task(name="bridges.refresh_one")
def refresh_one(provider_id: str) -> bool:
    """Ask one SAML provider for its keys at once: it used one that we do not know."""
    provider = Provider.objects.filter(pk=provider_id).exclude(address="").first()
    if provider is None:  # removed meanwhile
        return False
    try:
        keeping.refresh(provider)
    except Unreadable as problem:
        logger.warning("Metadata of %s were not refreshed: %s", provider.pk, problem)
        return False
    return True
