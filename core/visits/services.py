"""Counting visits: a mark in the cache says that a stay goes on, one row a day holds the number."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from redis.exceptions import RedisError

from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.ports import current_site
from core.programme.models import Programme
from core.visits.models import DailyVisits
from core.visits.rules import SILENCE, Kind

log = logging.getLogger(__name__)
T = TypeVar("T")

_REMEMBERED = 20_000
_REST = 5.0  # seconds for which a cache that did not answer is left alone


@dataclass(frozen=True)
class Counted:
    """Under which day and kind a stay was counted."""

    day: date
    kind: Kind

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.kind}"

    @classmethod
    def read(cls, text: str) -> "Counted":
        """The other way round. Raises ValueError for anything else."""
        day, _, kind = text.partition(" ")
        return cls(date.fromisoformat(day), Kind(kind))


class _Memory:
    """What this process remembers of stays, for as long as the cache is away."""

    def __init__(self) -> None:
        self._marks: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._lock = threading.Lock()

    def touch(self, key: str) -> bool:
        with self._lock:
            mark = self._marks.pop(key, None)
            if mark is None or mark[0] < time.monotonic():
                return False
            self._marks[key] = (time.monotonic() + SILENCE, mark[1])
            return True

    def add(self, key: str, value: str) -> bool:
        with self._lock:
            if key in self._marks and self._marks[key][0] >= time.monotonic():
                return False
            self._marks[key] = (time.monotonic() + SILENCE, value)
            self._marks.move_to_end(key)
            while len(self._marks) > _REMEMBERED:
                self._marks.popitem(last=False)
            return True

    def take(self, key: str) -> str | None:
        with self._lock:
            mark = self._marks.pop(key, None)
            return mark[1] if mark is not None and mark[0] >= time.monotonic() else None


class Marks:
    """Marks of running stays: in the cache that all processes share, or here while it is away.

    A mark holds `SILENCE` seconds from its last touch. `add` and `take` are atomic: of many that
    try at the same moment one wins.
    """

    def __init__(self) -> None:
        self._memory = _Memory()
        self._away_until = 0.0

    def touch(self, key: str) -> bool:
        """Prolong a mark; False when there is none."""
        return self._ask(
            lambda: bool(cache.touch(_shared(key), SILENCE)), lambda: self._memory.touch(_own(key))
        )

    def add(self, key: str, value: str) -> bool:
        """Set a mark; False when there is one already."""
        return self._ask(
            lambda: bool(cache.add(_shared(key), value, SILENCE)),
            lambda: self._memory.add(_own(key), value),
        )

    def take(self, key: str) -> str | None:
        """Remove a mark and return its value; None when there is none or another was faster."""
        return self._ask(lambda: _take_shared(key), lambda: self._memory.take(_own(key)))

    def _ask(self, shared: Callable[[], T], own: Callable[[], T]) -> T:
        if time.monotonic() >= self._away_until:
            try:
                return shared()
            except (RedisError, OSError) as error:
                self._away_until = time.monotonic() + _REST
                log.warning("visits are counted by this process alone, no cache: %s", error)
        return own()


def _shared(key: str) -> str:
    return f"visit:{key}"


def _own(key: str) -> str:
    return f"{current_site().key}:{key}"


def _take_shared(key: str) -> str | None:
    value = cache.get(_shared(key))
    return value if isinstance(value, str) and cache.delete(_shared(key)) else None


marks = Marks()


def see(*, stay: str, kind: Kind, may_begin: bool, before: str | None = None) -> bool:
    """A page was shown in the stay with the key `stay`; True when a visit was counted for it.

    `may_begin` is False for an answer that can only go on with a stay (a form sent, a part of a
    page). `before` is the key that the same browser had as a guest: whoever signs in during a
    visit makes one visit, which moves from guests to the kind of the person.
    """
    if marks.touch(stay):
        return False
    if not may_begin:
        return False
    counted = Counted(_today(), kind)
    if not marks.add(stay, str(counted)):
        return False
    try:
        earlier = marks.take(before) if before else None
        _count(counted, instead_of=Counted.read(earlier) if earlier else None)
    except Exception:
        marks.take(stay)  # the next page tries again
        raise
    return True


def move(*, stay: str, to: str) -> None:
    """The browser goes on under another key (somebody signed out): the visit goes with it."""
    value = marks.take(stay)
    if value is not None:
        marks.add(to, value)


def _count(counted: Counted, *, instead_of: Counted | None) -> None:
    if instead_of is not None and instead_of.kind == counted.kind:
        return
    if instead_of is None:
        _add_one(counted)
        return
    with transaction.atomic():
        DailyVisits.objects.filter(
            day=instead_of.day, kind=instead_of.kind.value, count__gt=0
        ).update(count=F("count") - 1)
        _add_one(Counted(instead_of.day, counted.kind))


def _add_one(counted: Counted) -> None:
    table = connection.ops.quote_name(DailyVisits._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS v (id, day, kind, count) VALUES (%s, %s, %s, 1) "  # noqa: S608 - our own table's name
            "ON CONFLICT (day, kind) DO UPDATE SET count = v.count + 1",
            [new_id(), counted.day, counted.kind.value],
        )


def _today() -> date:
    # Read past the cache: visits are counted when it is away, too.
    zone = Programme.objects.values_list("time_zone", flat=True).first()
    return now().astimezone(ZoneInfo(zone or "UTC")).date()
