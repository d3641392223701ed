"""Keep what menus call the canvases true."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from core.canvases import queries
from core.canvases.rules import KIND
from core.programme.models import Edition


@receiver(post_save, sender=Edition)
def forget_labels(instance: Edition, **kwargs: Any) -> None:
    """Drop the cached labels now and once more after commit (a reader may have refilled them)."""
    if instance.kind == KIND:
        queries.forget_labels()
        transaction.on_commit(queries.forget_labels, robust=True)
