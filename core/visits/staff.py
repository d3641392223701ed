"""Visits on the staff site: the numbers day by day, to look at."""

from core.kernel.staff import ReadOnlyAdmin, staff_site
from core.visits.models import DailyVisits


class VisitsByDay(ReadOnlyAdmin):
    """The rows that the graph is drawn from."""

    list_display = ("day", "kind", "count")
    list_filter = ("kind",)
    date_hierarchy = "day"
    ordering = ("-day", "kind")


staff_site.register(DailyVisits, VisitsByDay)
