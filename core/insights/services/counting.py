"""Counting the figures: facts a person and a pair, then a tally a month and segment.

Three statements, however many members there are, and only what changed is written. Pages read the
tally alone, so they take the same time for fifty members and for fifty thousand.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import connection, transaction
from redis.exceptions import RedisError

from core.feedback import queries as of_feedback
from core.feedback.models import Invitation
from core.feedback.rules.results import groups
from core.feedback.rules.survey import MOMENTS, STEPS, Survey
from core.insights.models import Counting, Tally
from core.insights.rules import KEPT_AFTER, PRESENT, ROADS, month_of
from core.insights.rules.measures import ANSWER_HOURS, MATCH_DAYS
from core.insights.services import statements
from core.journey.rules import FIRST_CONVERSATION
from core.kernel.clock import now
from core.matching.models import Criterion
from core.mentorships.queries import area_field
from core.programme.queries import current

OLD = timedelta(minutes=10)
"""Figures older than this are counted anew in the background when somebody looks."""
_ORDERED = 120  # seconds until the same count is ordered again


def count() -> bool:
    """Count everything anew. False when one that was begun later is done already."""
    asked_at = now()
    with transaction.atomic():
        Counting.objects.get_or_create(
            only=True, defaults={"at": asked_at - 2 * OLD, "first_month": month_of(asked_at.date())}
        )
        counting = Counting.objects.select_for_update().get()
        if counting.at > asked_at:
            return False
        values = _values()
        with connection.cursor() as cursor:
            # Sorts of whole tables in memory; plans that are used once are not worth compiling.
            cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
            for statement in (statements.PAIRS, statements.MEMBERS, statements.TALLY):
                cursor.execute(statement, values)
        earliest = Tally.objects.filter(segment="", month__gt=PRESENT).order_by("month").first()
        counting.first_month = earliest.month if earliest else month_of(values["today"])
        counting.at = asked_at
        counting.save(update_fields=["at", "first_month"])
    return True


def counted() -> Counting:
    """When the figures were counted last; counts them there and then the first time."""
    counting = Counting.objects.first()
    if counting is None:
        count()
        return Counting.objects.get()
    return counting


def is_due(counting: Counting) -> bool:
    """Whether the figures are old and nobody ordered a count in the last two minutes."""
    if now() - counting.at <= OLD:
        return False
    try:
        return bool(cache.add("insights:ordered", 1, _ORDERED))
    except RedisError:  # the hourly count comes anyway
        return False


def _values() -> dict[str, Any]:
    zone = current().time_zone
    area = area_field()
    criterion = Criterion.objects.filter(mentor_field=area).first() if area else None
    wish = criterion.mentee_field if criterion and criterion.mentee_field else area
    roads = [(side, place, step) for side, road in ROADS.items() for place, step in enumerate(road)]
    told = list(_feedback(zone).items())
    return {
        "at": now(),
        "today": now().astimezone(ZoneInfo(zone)).date(),
        "zone": zone,
        "talk": FIRST_CONVERSATION,
        "present": PRESENT,
        "sides": [str(side) for side, _, _ in roads],
        "places": [place for _, place, _ in roads],
        "steps": [str(step) for _, _, step in roads],
        "kept": list(KEPT_AFTER),
        "days": list(MATCH_DAYS),
        "hours": list(ANSWER_HOURS),
        "offer": area.key if area else "",
        "wish": wish.key if wish else "",
        "told_months": [month for (month, _, _), _ in told],
        "told_measures": [measure for (_, measure, _), _ in told],
        "told_keys": [key for (_, _, key), _ in told],
        "told_counts": [n for _, n in told],
    }


def _feedback(zone: str) -> Counter[tuple[date, str, str]]:
    """What surveys asked and what may be told of the answers: whole groups, by their month."""
    told: Counter[tuple[date, str, str]] = Counter()
    place = ZoneInfo(zone)
    for moment, asked_at, answered_at in Invitation.objects.values_list(
        "moment", "asked_at", "answered_at"
    ).iterator(chunk_size=5000):
        month = month_of(asked_at.astimezone(place).date())
        told[month, "surveyed", moment] += 1
        if answered_at is not None:
            told[month, "replied", moment] += 1
    for moment in MOMENTS:
        surveys = [Survey.model_validate(one.document) for one in of_feedback.versions(moment)]
        given = of_feedback.counted(moment)
        scales = {one.key for survey in surveys for one in survey.questions if one.kind == "scale"}
        for question in sorted(scales):
            for group in groups(given, question):
                month = month_of(group.closed_at.astimezone(place).date())
                for _, value in group.values:
                    if value in STEPS:
                        told[month, "scale", f"{moment}:{question}:{value}"] += 1
    return told
