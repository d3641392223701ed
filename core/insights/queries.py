"""The figures of the programme and the people behind each. Every figure is one aggregate."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Model, Q, QuerySet

from core.accounts.models import Person
from core.insights.rules import LONGEST, Month, month_of, months, months_before
from core.kernel.clock import now
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.states import Action, State
from core.profiles.models import Profile
from core.programme.queries import current, words
from core.programme.rules import Words
from core.visits.queries import by_month, first_day
from core.visits.rules import Kind

RECENT = timedelta(days=30)
SILENT = timedelta(days=7)

KINDS = (Kind.MENTEE, Kind.MENTOR, Kind.STAFF, Kind.GUEST)

_MEMBER = Q(is_active=True) & (Q(is_mentor=True) | Q(is_mentee=True))
_WAITING = Q(state__in=[State.PROPOSED.value, State.CHANGES_ASKED.value])
_ACTIVE = Q(state=State.ACTIVE.value)
_ACCEPTED = Q(action=Action.ACCEPT.value)


@dataclass(frozen=True)
class Figure:
    """A number with what changed lately; `key` names the page with the rows behind it."""

    key: str
    label: str
    value: int
    change: str
    wants_care: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the rows behind a figure: heading and what stands in a row."""

    heading: str
    value: Callable[[Any], object]


@dataclass(frozen=True)
class Listing:
    """The rows behind a figure; `thing` tells which row's page on the staff site belongs to one."""

    label: str
    rows: QuerySet[Any]
    columns: list[Column]
    thing: Callable[[Any], Model] = lambda row: row


def kind_labels() -> list[str]:
    """Names of the kinds of visits, in the order in which bars are stacked."""
    spoken = words()
    names = {
        Kind.GUEST: "Guests",
        Kind.MENTOR: _capital(spoken["mentor"].plural),
        Kind.MENTEE: _capital(spoken["mentee"].plural),
        Kind.STAFF: _capital(spoken["programme_team"].singular),
    }
    return [names[kind] for kind in KINDS]


def visits(count: int) -> list[Month]:
    """Visits of the last `count` months with the year before each. Two queries."""
    today = now().astimezone(ZoneInfo(current().time_zone)).date()
    first = first_day()
    counted = by_month(
        since=months_before(month_of(today), min(count, LONGEST) - 1 + 12),
        until=months_before(month_of(today), -1),
    )
    return months(
        {month: [kinds.get(kind, 0) for kind in KINDS] for month, kinds in counted.items()},
        today=today,
        count=min(count, LONGEST),
        first=first,
        kinds=len(KINDS),
    )


def figures() -> list[Figure]:
    """Members, complete profiles, what waits, what runs, what was accepted. Four queries."""
    at, spoken = now(), words()
    recent = at - RECENT
    people = Person.objects.aggregate(
        members=Count("id", filter=_MEMBER),
        joined=Count("id", filter=_MEMBER & Q(joined_at__gte=recent)),
    )
    profiles = Profile.objects.filter(complete=True, person__is_active=True).aggregate(
        complete=Count("id"), lately=Count("id", filter=Q(completed_at__gte=recent))
    )
    rows = Mentorship.objects.aggregate(
        waiting=Count("id", filter=_WAITING),
        sent=Count("id", filter=_WAITING & Q(sent_at__gte=at - timedelta(days=7))),
        silent=Count("mentor", filter=_silent(at), distinct=True),
        longest=Count("mentor", filter=_silent(at - SILENT), distinct=True),
        active=Count("id", filter=_ACTIVE),
        begun=Count("id", filter=_ACTIVE & Q(answered_at__gte=recent)),
    )
    steps = MentorshipStep.objects.aggregate(
        accepted=Count("id", filter=_ACCEPTED & Q(at__gte=recent)),
        before=Count("id", filter=_ACCEPTED & Q(at__gte=recent - RECENT, at__lt=recent)),
    )
    return [
        Figure("members", "Members", people["members"], f"{people['joined']} new in 30 days"),
        Figure(
            "profiles",
            "Complete profiles",
            profiles["complete"],
            f"{profiles['lately']} completed in 30 days",
        ),
        Figure(
            "waiting",
            f"{_capital(spoken['request'].plural)} waiting",
            rows["waiting"],
            f"{rows['sent']} sent in 7 days",
        ),
        Figure(
            "silent",
            f"{_capital(spoken['mentor'].plural)} silent for 7 days",
            rows["silent"],
            f"{rows['longest']} for 14 days",
            wants_care=rows["silent"] > 0,
        ),
        Figure(
            "active", "Active relationships", rows["active"], f"{rows['begun']} begun in 30 days"
        ),
        Figure(
            "acceptances",
            "Acceptances in 30 days",
            steps["accepted"],
            _against(steps["accepted"], steps["before"]),
        ),
    ]


def behind(key: str) -> Listing:
    """The rows behind a figure, newest or longest waiting first. KeyError for an unknown one."""
    at, spoken = now(), words()
    request, mentor = spoken["request"], spoken["mentor"]
    silent = f"{_capital(mentor.plural)} silent for 7 days"
    makers: dict[str, Callable[[], Listing]] = {
        "members": lambda: Listing(
            "Members",
            Person.objects.filter(_MEMBER).order_by("-joined_at", "id"),
            [
                Column("Name", lambda person: person.full_name),
                Column("Roles", lambda person: ", ".join(person.roles)),
                Column("Organisation", lambda person: person.organisation),
                Column("Joined", lambda person: person.joined_at),
            ],
        ),
        "profiles": lambda: Listing(
            "Complete profiles",
            Profile.objects.filter(complete=True, person__is_active=True)
            .select_related("person")
            .defer("answers")
            .order_by("-completed_at", "id"),
            [
                Column("Name", lambda profile: profile.person.full_name),
                Column("Role", lambda profile: spoken[profile.role].singular),
                Column("Organisation", lambda profile: profile.person.organisation),
                Column("Completed", lambda profile: profile.completed_at),
            ],
        ),
        "waiting": lambda: _mentorships(
            f"{_capital(request.plural)} waiting", _WAITING, "sent_at", "Sent", spoken
        ),
        "silent": lambda: _mentorships(silent, _silent(at), "sent_at", "Sent", spoken),
        "active": lambda: _mentorships(
            "Active relationships", _ACTIVE, "-answered_at", "Begun", spoken
        ),
        "acceptances": lambda: Listing(
            "Acceptances in 30 days",
            MentorshipStep.objects.filter(_ACCEPTED, at__gte=at - RECENT)
            .select_related("mentorship__mentor", "mentorship__mentee")
            .defer("mentorship__statement", "mentorship__note")
            .order_by("-at", "id"),
            [
                *_of_mentorship(spoken, lambda step: step.mentorship),
                Column("Accepted", lambda step: step.at),
            ],
            thing=lambda step: step.mentorship,
        ),
    }
    return makers[key]()


def _silent(at: datetime) -> Q:
    return Q(state=State.PROPOSED.value, sent_at__lt=at - SILENT)


def _mentorships(label: str, which: Q, order: str, heading: str, spoken: Words) -> Listing:
    date = order.removeprefix("-")
    return Listing(
        label,
        Mentorship.objects.filter(which)
        .select_related("mentor", "mentee")
        .defer("statement", "note")
        .order_by(order, "id"),
        [
            *_of_mentorship(spoken, lambda row: row),
            Column(heading, lambda row: getattr(row, date)),
        ],
    )


def _of_mentorship(spoken: Words, find: Callable[[Any], Mentorship]) -> list[Column]:
    return [
        Column(_capital(spoken["mentor"].singular), lambda row: find(row).mentor.full_name),
        Column(_capital(spoken["mentee"].singular), lambda row: find(row).mentee.full_name),
        Column(_capital(spoken["area"].singular), lambda row: find(row).area_label),
        Column("State", lambda row: find(row).get_state_display()),
    ]


def _against(value: int, before: int) -> str:
    if value == before:
        return "as many as in the 30 days before"
    more = "more" if value > before else "fewer"
    return f"{abs(value - before)} {more} than in the 30 days before"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
