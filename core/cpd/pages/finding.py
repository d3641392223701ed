"""Who asks, under which scheme, for which period."""

from datetime import date
from typing import cast

from django.http import Http404, HttpRequest

from core.accounts.models import Person
from core.cpd import queries, rules
from core.cpd.rules import LineRefused, Period, Scheme
from core.kernel.clock import now
from core.meetings.rules import zone_named


def member(request: HttpRequest) -> Person:
    """The person of this request."""
    return cast("Person", request.user)


def scheme_of_site() -> Scheme:
    """The institute's scheme; raises Http404 where it has none."""
    found = queries.scheme()
    if found is None:
        raise Http404
    return found


def today_of(person: Person) -> date:
    """The date on this person's wall."""
    return now().astimezone(zone_named(person.time_zone)).date()


def period_of(request: HttpRequest, person: Person) -> Period:
    """The period in the query string, `?from=2026-01-01&to=2026-12-31`; else the last year."""
    try:
        first = date.fromisoformat(request.GET.get("from", "")[:10])
        last = date.fromisoformat(request.GET.get("to", "")[:10])
        return rules.period_from(first, last)
    except (ValueError, LineRefused):
        return rules.latest_period(today_of(person))
