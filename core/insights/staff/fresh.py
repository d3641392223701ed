"""Figures that are old when somebody looks are counted anew behind the page."""

from django.db import transaction

from core.insights import services
from core.insights.models import Counting
from core.insights.tasks import count_figures


def keep_fresh() -> Counting:
    """When the figures were counted; orders a count when that is long ago, one at a time."""
    counting = services.counted()
    if services.is_due(counting):
        transaction.on_commit(lambda: count_figures.delay(), robust=True)
    return counting
