"""The people and the relationships behind a number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Model, Q, QuerySet

from core.insights.models import MemberFacts, PairFacts
from core.insights.queries.waiting import silent_rows, waiting_rows
from core.insights.rules import FEWEST, KEPT_AFTER, ROADS, Period, Side, Step
from core.kernel.clock import now
from core.matching.models import Criterion
from core.mentorships.queries import area_field
from core.programme.queries import current, words
from core.programme.rules import Words


@dataclass(frozen=True)
class Column:
    """A column of the rows behind a figure: heading and what stands in a row."""

    heading: str
    value: Callable[[Any], object]


@dataclass(frozen=True)
class Listing:
    """The rows behind a figure; `thing` tells which row's page on the staff site belongs to one.

    `of_today`: the period does not matter. `waits`: the rows can be nudged.
    """

    label: str
    rows: QuerySet[Any]
    columns: list[Column]
    thing: Callable[[Any], Model] = lambda row: row
    of_today: bool = False
    waits: bool = False

    def is_too_small(self, segment: str) -> bool:
        """Whether so few stand in the segment that they are not shown."""
        return bool(segment) and len(self.rows.order_by().values("pk")[:FEWEST]) < FEWEST


def step_names(side: Side) -> Mapping[Step, str]:
    """The steps of a road in the institute's words."""
    spoken = words()
    asked = "Sent" if side is Side.MENTEE else "Received"
    return {
        Step.REGISTERED: "Registered",
        Step.COMPLETE: "Profile complete",
        Step.SEARCHED: f"Searched for {spoken['mentor'].form('article')}",
        Step.REQUESTED: f"{asked} {spoken['request'].form('article')}",
        Step.MATCHED: "Matched",
        Step.TALKED: "First conversation",
        Step.COMPLETED: "Completed",
    }


def behind(key: str, period: Period, segment: str = "", of: str = "") -> Listing:
    """The rows behind a number, newest or longest waiting first. KeyError for an unknown one.

    `of` names the area of support where a number belongs to one.
    """
    if key in ("waiting", "silent"):
        return _waiting(key)
    listing = _of_members(key, period, of) or _of_pairs(key, period)
    if listing is None:
        raise KeyError(key)
    if not segment:
        return listing
    narrowed = listing.rows.filter(segments__contains=[segment])
    return Listing(**{**listing.__dict__, "rows": narrowed})


def _of_members(key: str, period: Period, of: str) -> Listing | None:
    joined = Q(joined_on__gte=period.first, joined_on__lt=period.until)
    member, mentee, mentor = (Q(side=side.value) for side in Side)
    today = now().astimezone(ZoneInfo(current().time_zone)).date()
    area = area_field()
    found: dict[str, tuple[str, Q, str]] = {
        "members": ("Members", member & Q(active=True), "joined_on"),
        "profiles": (
            "Complete profiles",
            member & Q(active=True, complete_on__isnull=False),
            "complete_on",
        ),
        "joined": ("Joined", member & joined, "joined_on"),
        "searched": (
            f"Searched for {words()['mentor'].form('article')} for the first time",
            mentee & _within("searched_on", period),
            "searched_on",
        ),
        "over": (
            f"Their {words()['mentoring'].singular} came to an end",
            member & _within("over_on", period),
            "over_on",
        ),
        "again": (
            f"Began {words()['mentoring'].singular} again",
            member & _within("over_on", period) & Q(again_on__isnull=False),
            "again_on",
        ),
        "first-matches": ("First matches", mentee & _within("matched_on", period), "matched_on"),
    }
    for days in KEPT_AFTER:
        due = member & joined & Q(joined_on__lte=today - timedelta(days=days))
        back = Q(seen_on__gte=F("joined_on") + timedelta(days=days))
        found[f"kept-{days}"] = (f"Signed in {days} days after joining", due & back, "joined_on")
        # Somebody who never signed in was not back either.
        found[f"lost-{days}"] = (
            f"Not back {days} days after joining",
            due & (Q(seen_on__isnull=True) | ~back),
            "joined_on",
        )
    for side in (Side.MENTEE, Side.MENTOR):
        for place, step in enumerate(ROADS[side]):
            found[f"{side}-{step}"] = (
                f"{_capital(words()[side].plural)}: {step_names(side)[step].lower()}",
                joined & Q(side=side.value, reached__gte=place),
                "joined_on",
            )
    if of and area is not None:
        criterion = Criterion.objects.filter(mentor_field=area).first()
        wish = criterion.mentee_field if criterion and criterion.mentee_field else area
        offers = Q(segments__contains=[f"{area.key}={of}"])
        wants = Q(segments__contains=[f"{wish.key}={of}"])
        found |= {
            "topic-mentees": ("Looking for a match", mentee & wants & Q(open=True), "joined_on"),
            "topic-mentors": ("Offer help", mentor & offers & Q(listed=True), "joined_on"),
            "topic-open": ("Have a place", mentor & offers & Q(open=True), "joined_on"),
        }
    if key not in found:
        return None
    label, which, order = found[key]
    today_alone = key in ("members", "profiles") or key.startswith("topic-")
    return _members(label, which, order, of_today=today_alone)


def _within(field: str, period: Period) -> Q:
    return Q(**{f"{field}__gte": period.first, f"{field}__lt": period.until})


def _members(label: str, which: Q, order: str, *, of_today: bool) -> Listing:
    spoken = words()
    columns = [
        Column("Name", lambda row: row.person.full_name),
        Column("Roles", lambda row: ", ".join(spoken[role].singular for role in row.person.roles)),
        Column("Organisation", lambda row: row.person.organisation),
        Column("Joined", lambda row: row.joined_on),
    ]
    extra = {
        "complete_on": "Profile complete", "over_on": "Came to an end", "again_on": "Began again",
        "matched_on": "Matched", "searched_on": "Searched",
    }  # fmt: skip
    if order in extra:
        columns.append(Column(extra[order], lambda row: getattr(row, order)))
    return Listing(
        label,
        MemberFacts.objects.filter(which)
        .select_related("person")
        .defer("segments")
        .order_by(f"-{order}", "id"),
        columns,
        thing=lambda row: row.person,
        of_today=of_today,
    )


def _of_pairs(key: str, period: Period) -> Listing | None:
    asks = _capital(words()["request"].plural)
    found: dict[str, tuple[str, Q, str]] = {
        "active": ("Active relationships", Q(running=True), "matched_on"),
        "sent": (f"{asks} sent", _within("sent_on", period), "sent_on"),
        "answered": (
            f"{asks} that were answered",
            _within("sent_on", period) & Q(answer_hours__isnull=False),
            "answer_hours",
        ),
        "matches": ("Matches", _within("matched_on", period), "matched_on"),
        "completions": ("Completions", _within("completed_on", period), "completed_on"),
    }
    if key not in found:
        return None
    label, which, order = found[key]
    spoken = words()
    headings = {"sent_on": "Sent", "matched_on": "Matched", "completed_on": "Completed"}
    last = (
        Column("Answered after", lambda row: _days(row.answer_hours))
        if order == "answer_hours"
        else Column(headings[order], lambda row: getattr(row, order))
    )
    return Listing(
        label,
        PairFacts.objects.filter(which)
        .select_related("mentorship__mentor", "mentorship__mentee")
        .defer("segments", "mentorship__statement", "mentorship__note")
        .order_by(f"-{order}", "id"),
        [*_pair_columns(spoken, lambda row: row.mentorship), last],
        thing=lambda row: row.mentorship,
        of_today=key == "active",
    )


def _waiting(key: str) -> Listing:
    spoken = words()
    label = (
        f"{_capital(spoken['request'].plural)} waiting"
        if key == "waiting"
        else f"{_capital(spoken['mentor'].plural)} silent for 7 days"
    )
    return Listing(
        label,
        waiting_rows() if key == "waiting" else silent_rows(),
        [
            *_pair_columns(spoken, lambda row: row),
            Column("Waiting since", lambda row: row.waiting_since),
        ],
        of_today=True,
        waits=True,
    )


def _pair_columns(spoken: Words, find: Callable[[Any], Any]) -> list[Column]:
    return [
        Column(_capital(spoken["mentor"].singular), lambda row: find(row).mentor.full_name),
        Column(_capital(spoken["mentee"].singular), lambda row: find(row).mentee.full_name),
        Column(_capital(spoken["area"].singular), lambda row: find(row).area_label),
        Column("State", lambda row: find(row).get_state_display()),
    ]


def _days(hours: int) -> str:
    days = round(hours / 24)
    if hours < 24:
        return "less than a day"
    return "1 day" if days == 1 else f"{days} days"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
