"""A kindly word of the programme team to those who are waited for (product F3)."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.insights import queries
from core.insights.errors import AlreadyNudged, NothingToNudge
from core.insights.models import Nudge
from core.insights.rules import NUDGED_AGAIN_AFTER
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.links import absolute
from core.kernel.outbox import one_line
from core.mentorships.models import Mentorship
from core.mentorships.states import MENTOR, UNANSWERED, WAITS_FOR, State
from core.programme.services import Letter, write_mails

MOST = 500
"""So many are nudged at once; the longest waiting first."""


def nudge(mentorship_id: UUID, *, by: Person) -> Person:
    """Write to whoever has to answer; returns them.

    Errors: NothingToNudge when nothing waits or nobody is there; AlreadyNudged within three days.
    """
    with transaction.atomic():
        found = _locked([mentorship_id])
        one = found[0] if found else None
        if one is None:
            raise NothingToNudge("Nothing waits here any more: it has been answered meanwhile.")
        person = waited_for(one)
        if not person.is_active:
            raise NothingToNudge(f"{person.full_name} has no account here any more.")
        if one.pk in _nudged_lately([one.pk]):
            raise AlreadyNudged(
                f"{person.full_name} was reminded of this less than {NUDGED_AGAIN_AFTER.days} days "
                "ago. Give them a little time."
            )
        _write([one], by=by)
    return person


def nudge_all(by: Person) -> int:
    """Write to everybody who has been silent for a week, one mail a person; returns how many.

    Whoever was nudged within three days is left alone.
    """
    with transaction.atomic():
        keys = queries.silent_rows().values_list("pk", flat=True)[:MOST]
        found = _locked(list(keys))
        lately = _nudged_lately([one.pk for one in found])
        silent = [one for one in found if one.pk not in lately and waited_for(one).is_active]
        return _write(silent, by=by)


def waited_for(mentorship: Mentorship) -> Person:
    """Whose answer is missing."""
    side = WAITS_FOR[State(mentorship.state)]
    return mentorship.mentor if side == MENTOR else mentorship.mentee


def _locked(keys: Iterable[UUID]) -> list[Mentorship]:
    """What still waits of these, held until the end: two who press the button send one mail."""
    rows = Mentorship.objects.filter(pk__in=list(keys), state__in=UNANSWERED)
    return list(
        rows.select_related("mentor", "mentee")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


def _nudged_lately(keys: Iterable[UUID]) -> set[UUID]:
    rows = Nudge.objects.filter(mentorship__in=list(keys), at__gt=now() - NUDGED_AGAIN_AFTER)
    return set(rows.values_list("mentorship_id", flat=True))


def _write(mentorships: Iterable[Mentorship], *, by: Person) -> int:
    """One mail a person about all that waits for them, noted and audited; how many people."""
    waiting: dict[UUID, list[Mentorship]] = defaultdict(list)
    people: dict[UUID, Person] = {}
    for one in sorted(mentorships, key=lambda row: row.waiting_since):
        person = waited_for(one)
        people[person.pk] = person
        waiting[person.pk].append(one)
    Nudge.objects.bulk_create(
        Nudge(mentorship=one, person=people[key], by=by)
        for key, rows in waiting.items()
        for one in rows
    )
    write_mails(_letter(people[key], rows) for key, rows in waiting.items())
    audit.record_all(
        "answer asked for", things=[one for rows in waiting.values() for one in rows], by=by
    )
    return len(waiting)


def _letter(person: Person, rows: list[Mentorship]) -> Letter:
    zone = ZoneInfo(person.time_zone)
    asks = [
        {
            "partner": one.mentee.full_name if one.mentor_id == person.pk else one.mentor.full_name,
            "area": one.area_label,
            "since": one.waiting_since.astimezone(zone).date(),
            "is_asked": one.mentor_id == person.pk,
        }
        for one in rows
    ]
    path = rows[0].get_absolute_url() if len(rows) == 1 else reverse("mentorships:dashboard")
    return Letter(
        template="mails/nudge",
        to=person,
        context={
            "asks": asks,
            "count": len(asks),
            "partner_name": one_line(str(asks[0]["partner"])),
            "to_mentor": asks[0]["is_asked"],
            "page": absolute(path),
        },
        kind="nudge",
        about=rows[0],
    )
