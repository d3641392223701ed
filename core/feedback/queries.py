"""Reading surveys, what waits for somebody, and the results."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear

from core.accounts.models import Person
from core.feedback.models import ContactWish, Invitation, Reply, SurveyDraft, WishState
from core.feedback.rules.results import CHANGE_WITHIN, Given
from core.feedback.rules.survey import CONCERN, DEFAULTS, Moment, Survey
from core.kernel.clock import now
from core.programme.models import Edition
from core.programme.queries import edition

KIND = "survey"
_OPEN = Q(answered_at=None, declined_at=None, closed_at=None)


def in_force(moment: Moment) -> Survey:
    """The survey that is asked now; the product's own where the institute has none."""
    standing = edition(KIND, moment)
    return Survey.model_validate(standing.document) if standing else DEFAULTS[moment]


def versions(moment: Moment) -> list[Edition]:
    """All versions of a survey, newest first."""
    return list(Edition.objects.filter(kind=KIND, key=moment).order_by("-number"))


def draft(moment: Moment) -> SurveyDraft | None:
    """The next version, if somebody writes at it."""
    return SurveyDraft.objects.select_related("saved_by").filter(key=moment).first()


def waiting_for(person: Person) -> list[Invitation]:
    """What this person is asked and has neither answered nor declined, latest first."""
    rows = Invitation.objects.filter(_OPEN, person=person)
    return list(rows.select_related("mentorship__mentor", "mentorship__mentee").defer("draft"))


def still_waited_for() -> QuerySet[Invitation]:
    """All that wait for an answer of somebody who is still here."""
    return Invitation.objects.filter(_OPEN, person__is_active=True)


def invitation_of(person: Person, mentorship_id: UUID) -> Invitation | None:
    """What this person is, or was last, asked about a relationship."""
    rows = Invitation.objects.filter(person=person, mentorship_id=mentorship_id, closed_at=None)
    return rows.select_related("survey", "mentorship__mentor", "mentorship__mentee").first()


def reply_to(invitation: Invitation) -> Reply | None:
    """The answer to an invitation."""
    return Reply.objects.select_related("survey", "wish").filter(invitation=invitation).first()


def wish_of(reply: Reply | None) -> ContactWish | None:
    """The wish to be contacted that came with a reply."""
    return cast("ContactWish | None", getattr(reply, "wish", None))


def counted(moment: Moment, *, at: datetime | None = None) -> list[Given]:
    """The replies that can no longer be changed: those that results are made of. One query.

    What went wrong is among them unless the member had it sent to the team under their name.
    """
    settled = (at or now()) - CHANGE_WITHIN
    rows = Reply.objects.filter(moment=moment, given_at__lte=settled).values_list(
        "pk",
        "respondent",
        "survey__number",
        "role",
        "given_at",
        "answers",
        "concern",
        "sent_to_team",
    )
    return [
        Given(pk, by, number, role, given, {**_plain(answers), CONCERN: "" if sent else concern})
        for pk, by, number, role, given, answers, concern, sent in rows
    ]


def _plain(answers: Any) -> dict[str, Any]:
    return answers if isinstance(answers, dict) else {}


def asked_and_answered(moment: Moment) -> dict[str, int]:
    """How many were asked, answered, and said that they would rather not."""
    return Invitation.objects.filter(moment=moment).aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=~Q(answered_at=None)),
        declined=Count("pk", filter=~Q(declined_at=None)),
    )


def years(moment: Moment) -> list[int]:
    """The years in which somebody answered, newest first."""
    rows = Reply.objects.filter(moment=moment).annotate(year=ExtractYear("given_at"))
    return sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)


def wishes() -> QuerySet[ContactWish]:
    """The queue of the programme team, open ones first."""
    people = ("person", "answered_by", "mentorship__mentor", "mentorship__mentee")
    return ContactWish.objects.select_related(*people)


def open_wishes() -> int:
    """How many members wait to be contacted."""
    return ContactWish.objects.filter(state=WishState.OPEN).count()
