"""Wires the product: settings, addresses, the Celery app. The Celery app is imported here because
without it ``@shared_task`` would bind to a bare app and run outside every institute."""

import gc

from config.celery import app as celery_app

# A start makes a million things that stay. Python would look through all of them again and again
# for some that may go: a tenth of the time that every process takes to start.
gc.set_threshold(50_000, 20, 50)

__all__ = ["celery_app"]
