"""What happens in the overview: figures are counted, searches noted, people nudged."""

from core.insights.services.counting import OLD, count, counted, is_due
from core.insights.services.nudging import nudge, nudge_all, waited_for
from core.insights.services.searching import note_search

__all__ = ["OLD", "count", "counted", "is_due", "note_search", "nudge", "nudge_all", "waited_for"]
