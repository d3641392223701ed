"""Reading notices: those in force from the cache, the marks of one reader in one query."""

from contextlib import suppress
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.core.cache import cache
from django.db.models import Q, QuerySet
from redis.exceptions import RedisError

from core.accounts.models import Person
from core.accounts.queries import unconfirmed
from core.kernel.clock import today
from core.kernel.text import render_markdown
from core.notices import rules
from core.notices.models import Notice, NoticeRead, NoticeState
from core.programme.queries import placeholders
from core.programme.rules import expand

CACHE_KEY = "notices:published"
_SECONDS = 60
STRIP = 2


def published() -> list[Notice]:
    """The published notices, latest first, whatever their days: from the cache for a minute."""
    with suppress(RedisError):  # pages stay up without the cache
        known = cast("list[Notice] | None", cache.get(CACHE_KEY))
        if known is not None:
            return known
    rows = list(Notice.objects.filter(state=NoticeState.PUBLISHED))
    with suppress(RedisError):
        cache.set(CACHE_KEY, rows, _SECONDS)
    return rows


def forget_published() -> None:
    """A notice was changed."""
    with suppress(RedisError):  # what cannot be reached holds nothing for long
        cache.delete(CACHE_KEY)


def for_reader(person: Person) -> list[Notice]:
    """What is in force for somebody today, latest first: no query while the cache knows."""
    day = today()
    return [
        notice
        for notice in published()
        if notice.first_day <= day
        and (notice.last_day is None or notice.last_day >= day)
        and rules.is_for(
            notice.audience,
            mentor=person.is_mentor,
            mentee=person.is_mentee,
            staff=person.is_staff,
        )
    ]


def read_ids(person: Person, notices: list[Notice]) -> set[UUID]:
    """Which of these somebody has read; no query for none."""
    if not notices:
        return set()
    ids = [notice.pk for notice in notices]
    marks = NoticeRead.objects.filter(person=person, notice__in=ids)
    return set(marks.values_list("notice_id", flat=True))


def unread(person: Person) -> list[Notice]:
    """What somebody has not read yet."""
    mine = for_reader(person)
    known = read_ids(person, mine)
    return [notice for notice in mine if notice.pk not in known]


def one_for(person: Person, notice_id: UUID) -> Notice | None:
    """A notice that this person may read."""
    return next((one for one in for_reader(person) if one.pk == notice_id), None)


@dataclass(frozen=True)
class Shown:
    """A notice in the institute's words."""

    notice: Notice
    title: str
    body: str
    new: bool = False


def shown(notices: list[Notice], new: set[UUID] | None = None) -> list[Shown]:
    """Notices as they are read; the institute's words are looked up once."""
    if not notices:
        return []
    names = placeholders()
    return [
        Shown(
            notice,
            expand(notice.title, names),
            render_markdown(expand(notice.body, names)),
            notice.pk in (new or set()),
        )
        for notice in notices
    ]


def readers(notice: Notice) -> QuerySet[Person]:
    """Whom a notice is for: people who can sign in."""
    people = Person.objects.filter(is_active=True, closed_at=None)
    wanted = {
        "everyone": Q(),
        "mentor": Q(is_mentor=True),
        "mentee": Q(is_mentee=True),
        "staff": Q(is_staff=True),
    }
    return people.filter(wanted[notice.audience]).exclude(pk__in=unconfirmed().values("pk"))
