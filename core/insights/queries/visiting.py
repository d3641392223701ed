"""Visits by month, as the graph shows them."""

from core.insights.rules import Month, Period, months, months_before
from core.programme.queries import words
from core.visits.queries import by_month
from core.visits.rules import Kind

KINDS = (Kind.MENTEE, Kind.MENTOR, Kind.STAFF, Kind.GUEST)


def kind_labels() -> list[str]:
    """Names of the kinds of visits, in the order in which bars are stacked."""
    spoken = words()
    names = {
        Kind.GUEST: "Guests",
        Kind.MENTOR: spoken["mentor"].plural.capitalize(),
        Kind.MENTEE: spoken["mentee"].plural.capitalize(),
        Kind.STAFF: spoken["programme_team"].singular.capitalize(),
    }
    return [names[kind] for kind in KINDS]


def visits(period: Period) -> list[Month]:
    """Visits of the months of a period, with the year before each. One statement."""
    found = by_month(since=months_before(period.first, 12), until=period.until)
    return months(
        {month: [kinds.get(kind, 0) for kind in KINDS] for month, kinds in found.months.items()},
        period,
        first=found.first_day,
        kinds=len(KINDS),
    )
