"""Wires the product: settings, addresses, the Celery app. The Celery app is imported here because
without it ``@shared_task`` would bind to a bare app and run outside every institute."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
