"""What is older than the institute wants goes, every day and in batches (product A11)."""

from datetime import timedelta
from itertools import count

from django.db import transaction

from core.accounts.models import Person
from core.kernel import audit, personal
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.privacy.models import RetentionRun
from core.privacy.queries.retention import due, periods
from core.privacy.rules import KEY, KIND, LONGEST_DAYS, Periods
from core.programme.services import editions

BATCH = 200
MOST_BATCHES = 20
RUNS_KEPT = timedelta(days=400)


@transaction.atomic
def set_periods(wanted: dict[str, int], *, by: Person) -> bool:
    """Put other periods in force; False when these stand already.

    In: days by the key of a rule; what is not named is kept for good. Errors: RuleBroken.
    """
    rules = personal.retentions()
    for key, days in wanted.items():
        least = rules[key].least_days
        if not least <= days <= LONGEST_DAYS:
            raise RuleBroken(f"{rules[key].title}: choose {least:,} to {LONGEST_DAYS:,} days.")
    before = periods()
    if wanted == before:
        return False
    document = Periods(days=wanted).model_dump(mode="json")
    made = editions.publish(KIND, KEY, document, by=by)
    audit.record("retention changed", thing=made, by=by, before=before, after=wanted)
    return True


def retain() -> int:
    """Carry out every rule in force; out: how many rows went.

    Each batch is a transaction of its own, so that what is done stays done.
    """
    total = 0
    for key, days in periods().items():
        total += _apply(key, days)
    RetentionRun.objects.filter(at__lt=now() - RUNS_KEPT).delete()
    return total


def _apply(key: str, days: int) -> int:
    rule = personal.retentions()[key]
    gone = 0
    for number in count(1):
        with transaction.atomic():
            keys = list(due(rule, days).order_by("pk").values_list("pk", flat=True)[:BATCH])
            removed = rule.remove(due(rule, days).model._base_manager.filter(pk__in=keys))
            gone += removed
        if not removed or len(keys) < BATCH or number == MOST_BATCHES:
            break
    if gone:
        with transaction.atomic():
            run = RetentionRun.objects.create(key=key, days=days, count=gone)
            audit.record("retention applied", thing=run, kind=key, days=days, count=gone)
    return gone
