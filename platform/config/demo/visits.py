"""Two years of visits, as a programme that grows would have counted them, and who came back."""

import random
from datetime import date, datetime, timedelta
from math import cos, pi

from core.accounts.models import Person
from core.insights.models import Searcher
from core.insights.services import count
from core.visits.models import DailyVisits
from core.visits.rules import Kind

DAYS = 730
USUAL = {Kind.GUEST: 26.0, Kind.MENTEE: 14.0, Kind.MENTOR: 11.0, Kind.STAFF: 3.0}


def fill(dice: random.Random, *, today: date) -> None:
    """Write one row a day and kind, up to yesterday."""
    DailyVisits.objects.bulk_create(
        DailyVisits(day=day, kind=kind.value, count=_count(dice, usual, day, today))
        for day in (today - timedelta(days=back) for back in range(DAYS, 0, -1))
        for kind, usual in USUAL.items()
    )


def come_back(dice: random.Random, *, at: datetime) -> None:
    """Let most people have signed in and most mentees have searched, then count the figures."""
    people = list(Person.objects.filter(is_active=True, last_login=None).order_by("joined_at"))
    for person in people:
        person.last_login = person.joined_at + (at - person.joined_at) * dice.random() ** 0.3
    Person.objects.bulk_update(people, ["last_login"])
    Searcher.objects.bulk_create(
        Searcher(person=one, first_on=on, last_on=on)
        for one in people
        if one.is_mentee and dice.random() < 0.8
        for on in [min(one.joined_at + timedelta(days=dice.randint(0, 9)), at).date()]
    )
    count()


def _count(dice: random.Random, usual: float, day: date, today: date) -> int:
    growth = 0.35 + 0.65 * (1 - (today - day).days / DAYS)
    week = 0.3 if day.weekday() >= 5 else 1.0
    # Quiet in August and around the turn of the year, busy in spring and autumn.
    season = 1.0 - 0.25 * cos(4 * pi * (day.timetuple().tm_yday - 100) / 365 + pi)
    return max(0, round(usual * growth * week * season * dice.uniform(0.75, 1.25)))
