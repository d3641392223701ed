"""Reads of the numbers."""

from datetime import date

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from core.visits.models import DailyVisits
from core.visits.rules import Kind


def by_month(*, since: date, until: date) -> dict[date, dict[Kind, int]]:
    """Visits from `since` to before `until`, by the first day of their month and by kind.

    One query. Months without a visit are not there.
    """
    rows = (
        DailyVisits.objects.filter(day__gte=since, day__lt=until)
        .annotate(month=TruncMonth("day"))
        .values("month", "kind")
        .annotate(total=Sum("count"))
        .order_by("month", "kind")
    )
    months: dict[date, dict[Kind, int]] = {}
    for row in rows:
        months.setdefault(row["month"], {})[Kind(row["kind"])] = row["total"]
    return months


def first_day() -> date | None:
    """The first day that anything was counted on."""
    return DailyVisits.objects.order_by("day").values_list("day", flat=True).first()
