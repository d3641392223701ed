"""Who waits for whom, read at the very moment."""

from collections.abc import Collection
from datetime import datetime
from typing import TypedDict, cast
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from core.insights.models import Nudge
from core.insights.rules import SILENT
from core.kernel.clock import now
from core.mentorships.models import Mentorship
from core.mentorships.states import UNANSWERED, State


class Waiting(TypedDict):
    """How many ask, and how many mentors have been silent for too long."""

    waiting: int
    silent: int
    silent_mentors: int


def waiting_rows() -> QuerySet[Mentorship]:
    """All that waits for an answer, longest first."""
    return _rows().filter(state__in=UNANSWERED)


def silent_rows() -> QuerySet[Mentorship]:
    """What mentors have left unanswered for a week; a clock that stands still does not count."""
    return _rows().filter(_silent())


def waiting() -> Waiting:
    """The numbers of both, in one statement."""
    found = Mentorship.objects.filter(state__in=UNANSWERED).aggregate(
        waiting=Count("id"),
        silent=Count("id", filter=_silent()),
        silent_mentors=Count("mentor", filter=_silent(), distinct=True),
    )
    return cast(Waiting, found)


def nudged_at(keys: Collection[UUID]) -> dict[UUID, datetime]:
    """When somebody was last nudged about each of these."""
    rows = Nudge.objects.filter(mentorship__in=keys).order_by().values("mentorship")
    return {row["mentorship"]: row["last"] for row in rows.annotate(last=Max("at"))}


def _silent() -> Q:
    return Q(state=State.PROPOSED.value, paused_at__isnull=True, waiting_since__lt=now() - SILENT)


def _rows() -> QuerySet[Mentorship]:
    rows = Mentorship.objects.select_related("mentor", "mentee").defer("statement", "note")
    return rows.order_by("waiting_since", "id")
