"""Editions of the institute's settings: published once, never changed."""

from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.programme.models import Edition, Programme
from core.programme.queries import edition


def publish(kind: str, key: str, document: dict[str, Any], *, by: Actor | None = None) -> Edition:
    """Put a new version of a setting into force; the one in force comes back when it is the same.

    `document` is checked by the app that reads it before it comes here. Earlier versions stay for
    those who began with them.
    """
    with transaction.atomic():
        Programme.objects.select_for_update().get()  # one who publishes at a time
        standing = edition(kind, key)
        if standing is not None and standing.document == document:
            return standing
        retire(kind, key)
        latest = Edition.objects.filter(kind=kind, key=key).order_by("-number").first()
        number = latest.number + 1 if latest else 1
        made = Edition.objects.create(kind=kind, key=key, number=number, document=document)
        audit.record(f"{kind}.published", thing=made, by=by, key=key, number=number)
    return made


def retire(kind: str, key: str) -> None:
    """Nobody begins with this setting from now on; whoever works with it goes on."""
    for row in Edition.objects.filter(kind=kind, key=key, retired_at=None):
        row.retired_at = now()
        row.save(update_fields=["retired_at"])  # not at once: who caches editions hears of it
