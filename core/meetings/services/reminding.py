"""The day before a meeting, both are reminded of it (product D6)."""

from django.db import transaction
from django.db.models import F, Q

from core.kernel.clock import now
from core.meetings import queries, rules
from core.meetings.models import Meeting
from core.meetings.services import telling
from core.mentorships.states import State

AT_ONCE = 200


@transaction.atomic
def remind() -> int:
    """Remind both of each meeting that begins within a day, once for each time it is given.

    What was arranged or changed within that day needs no reminder: the mail about it is fresh.
    Two turns at once remind nobody twice. Out: how many meetings.
    """
    at = now()
    due = (
        queries.with_people()
        .filter(
            cancelled_at=None,
            starts_at__gt=at,
            starts_at__lte=at + rules.REMIND_BEFORE,
            changed_at__lte=F("starts_at") - rules.REMIND_BEFORE,
            mentorship__state=State.ACTIVE,
        )
        .filter(Q(reminded_for=None) | ~Q(reminded_for=F("starts_at")))
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("starts_at")[:AT_ONCE]
    )
    meetings = list(due)
    for meeting in meetings:
        meeting.reminded_for = meeting.starts_at
    telling.remind_of(meetings)
    Meeting.objects.bulk_update(meetings, ["reminded_for"])
    return len(meetings)
