"""Some days before its date, a goal's owner is reminded of it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from core.goals.models import Goal
from core.goals.rules import day_in_words, due_in_words
from core.kernel.clock import now
from core.kernel.links import absolute
from core.kernel.outbox import one_line
from core.mentorships.states import State
from core.programme.queries import current
from core.programme.services import Letter, write_mails

AT_ONCE = 500
KIND = "goal_reminder"


@transaction.atomic
def remind() -> int:
    """Remind owners of open goals whose date is near, once for each date that a goal is given.

    How many days before is the institute's decision; none where it wants no such mails. A date
    that was set within those days is fresh in mind. Two turns at once remind nobody twice.
    Out: how many goals.
    """
    programme = current()
    before = programme.policies.goal_reminder_days
    if not before:
        return 0
    today = now().astimezone(ZoneInfo(programme.time_zone)).date()
    due = (
        Goal.objects.select_related("owner", "mentorship__mentor", "mentorship__mentee")
        .filter(
            expected_on__gte=today,
            expected_on__lte=today + timedelta(days=before),
            completed_at=None,
            deleted_at=None,
            dated_at__lte=now() - timedelta(days=before),
            mentorship__state=State.ACTIVE,
            owner__is_active=True,
        )
        .filter(Q(reminded_for=None) | ~Q(reminded_for=F("expected_on")))
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("expected_on", "id")[:AT_ONCE]
    )
    goals = list(due)
    letters = []
    for goal in goals:
        goal.reminded_for = day = goal.expected_on
        if day is None:  # the query asked for a date
            continue
        letters.append(
            Letter(
                template="mails/goal_reminder",
                to=goal.owner,
                context={
                    "label": one_line(goal.label),
                    "partner_name": one_line(goal.partner_of(goal.owner).full_name),
                    "day": day_in_words(day),
                    "due": due_in_words(day, today).removeprefix("Due "),
                    "page": absolute(goal.get_absolute_url()),
                },
                kind=KIND,
                about=goal,
                thread=str(goal.mentorship_id),
            )
        )
    write_mails(letters)
    Goal.objects.bulk_update(goals, ["reminded_for"])
    return len(goals)
