"""The ladder (product C5): reminders at the institute's numbers, and at last a request lapses.

A rung is reached when the mentor has been waited for so many times 24 hours, less the time that the
clock stood still: no change of clocks moves it. Each row remembers the highest rung it was reminded
at, so running twice says nothing twice, a missed day is made good by one mail, and the numbers may
change while requests are open. Statements are counted by chunks, never by rows.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from core.kernel import audit
from core.kernel.clock import now
from core.kernel.events import tell
from core.mentorships import events, states
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.services.steps import DEEDS
from core.mentorships.states import Action, Role, State
from core.programme.queries import policies

CHUNK: Final = 500


def climb() -> tuple[int, int]:
    """Let lapse what nobody answered, then remind; gives how many of each."""
    return _all_of(_lapse), _all_of(_remind)


def _all_of(work: Callable[[], int]) -> int:
    done = 0
    while some := work():
        done += some
        if some < CHUNK:
            break
    return done


def _lapse() -> int:
    """One chunk of what has waited too long: withdrawn by itself, the mentee is told."""
    at = now()
    with transaction.atomic():
        rows = list(
            _waiting(at, policies().lapse_days)
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("waiting_since")[:CHUNK]
        )
        if not rows:
            return 0
        keys = [row.pk for row in rows]
        after = states.next_state(State.PROPOSED, Action.LAPSE)
        Mentorship.objects.filter(pk__in=keys).update(state=after, changed_at=at)
        MentorshipStep.objects.bulk_create(
            MentorshipStep(
                mentorship=row, action=Action.LAPSE, before=State.PROPOSED, after=after,
                role=Role.CLOCK, at=at,
            )
            for row in rows
        )  # fmt: skip
        verb = f"mentorship {DEEDS[Action.LAPSE]}"
        audit.record_all(verb, things=rows, before=State.PROPOSED, after=after)
        tell(events.RequestsLapsed(mentorship_ids=tuple(keys)))
    return len(rows)


def _remind() -> int:
    """One chunk of mentors to be reminded, each once for the highest rung that was reached."""
    at = now()
    days = policies().reminder_days
    if not days:
        return 0
    reached = _reached(at, days)
    with transaction.atomic():
        rows = list(
            _to_remind(at, days)
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("waiting_since")[:CHUNK]
        )
        if not rows:
            return 0
        keys = [row.pk for row in rows]
        Mentorship.objects.filter(pk__in=keys).update(reminded_day=reached)
        audit.record_all("mentor reminded", things=rows)
        tell(events.RemindersFellDue(mentorship_ids=tuple(keys)))
    return len(rows)


def would_lapse(days: int) -> QuerySet[Mentorship]:
    """What would lapse now if requests lapsed after so many days."""
    return _waiting(now(), days)


def would_remind(days: Sequence[int], lapse_days: int) -> QuerySet[Mentorship]:
    """Of whom mentors would be reminded now on these days, without what would lapse."""
    if not days:
        return Mentorship.objects.none()
    return _to_remind(now(), days).exclude(_since(now(), lapse_days))


def _reached(at: datetime, days: Sequence[int]) -> Case:
    return Case(
        *(When(_since(at, day), then=Value(day)) for day in sorted(days, reverse=True)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _to_remind(at: datetime, days: Sequence[int]) -> QuerySet[Mentorship]:
    return (
        _waiting(at, min(days))
        .filter(mentor__is_active=True)
        .alias(rung=_reached(at, days))
        .filter(rung__gt=F("reminded_day"))
    )


def _waiting(at: datetime, days: int) -> QuerySet[Mentorship]:
    """Requests for whose answer the clock has run so many days."""
    return Mentorship.objects.filter(_since(at, days), state=State.PROPOSED, paused_at=None)


def _since(at: datetime, days: int) -> Q:
    return Q(waiting_since__lte=at - timedelta(days=days))
