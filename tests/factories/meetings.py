"""Meetings of two who work together."""

from datetime import datetime, timedelta
from typing import Any

from core.accounts.models import Person
from core.kernel.clock import now
from core.meetings.models import Meeting
from core.meetings.rules import Plan
from core.mentorships.models import Mentorship


def plan(**fields: Any) -> Plan:
    """An hour in three days."""
    return Plan(
        **{
            "title": "Looking at the first weeks",
            "starts_at": now() + timedelta(days=3),
            "minutes": 60,
            "time_zone": "Europe/London",
            **fields,
        }
    )


def make_meeting(
    mentorship: Mentorship, *, by: Person | None = None, at: datetime | None = None, **fields: Any
) -> Meeting:
    """A row, without mails."""
    return Meeting.objects.create(
        mentorship=mentorship,
        arranged_by=by or mentorship.mentee,
        starts_at=at or now() + timedelta(days=3),
        **{"title": "Looking at the first weeks", "time_zone": "Europe/London", **fields},
    )


def filled_in(**fields: str) -> dict[str, str]:
    """The form as somebody sends it: 5 March 2026, 14:30, an hour."""
    return {
        "title": "Looking at the first weeks",
        "day_day": "5",
        "day_month": "3",
        "day_year": "2026",
        "starts": "14:30",
        "minutes": "60",
        "send": "on",
        **fields,
    }
