"""Both are asked at the end and, where the institute wants it, on the way; then reminded (E10)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.feedback import queries
from core.feedback.models import Invitation
from core.feedback.rules.survey import COMPLETION, DEFAULTS, MIDPOINT, Moment
from core.kernel.clock import now
from core.kernel.links import absolute
from core.kernel.outbox import one_line
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.queries import with_people
from core.mentorships.states import State
from core.programme.models import Edition
from core.programme.queries import edition, policies
from core.programme.services import Letter, publish, write_mails

AT_ONCE: Final = 200
WRITE_AFTER: Final = timedelta(hours=1)
"""Who answers on the page of the completion itself gets no mail, nor does whoever leaves."""
NOT_AFTER: Final = timedelta(days=28)
"""Who is longer past the middle is not asked: a policy that is new asks nobody about old times."""


@transaction.atomic
def ask_after(mentorship_id: UUID, *, ended_early: bool) -> int:
    """Ask both how it was; the mail follows. Out: how many are asked, none twice about a round.

    Where the institute does not ask after an early end, and of people who have left: nobody.
    What was asked before about the same relationship and is not answered yet is closed.
    """
    if ended_early and not policies().feedback_after_end:
        return 0
    mentorship = with_people().annotate(round_began=_round_began()).get(pk=mentorship_id)
    this = Q(moment=COMPLETION, round_began=mentorship.round_began)
    earlier = Invitation.objects.filter(mentorship=mentorship, answered_at=None, closed_at=None)
    earlier.exclude(this).update(closed_at=now(), draft={})
    return _ask([(mentorship, mentorship.round_began)], COMPLETION, ended_early=ended_early)


@transaction.atomic
def ask_midway() -> int:
    """Ask those who are in the middle, by the institute's number of weeks. Out: how many people.

    Safe to run at any time, also twice at once.
    """
    weeks = policies().feedback_midpoint_weeks
    if weeks is None:
        return 0
    middle = now() - timedelta(weeks=weeks)
    asked = Invitation.objects.filter(
        mentorship=OuterRef("pk"), moment=MIDPOINT, round_began=OuterRef("round_began")
    )
    due = (
        with_people()
        .filter(state=State.ACTIVE)
        .annotate(round_began=_round_began())
        .filter(round_began__lte=middle, round_began__gt=middle - NOT_AFTER)
        .filter(~Exists(asked))
        .filter(Q(mentor__is_active=True) | Q(mentee__is_active=True))
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")[:AT_ONCE]
    )
    return _ask([(one, one.round_began) for one in due], MIDPOINT)


@transaction.atomic
def write_to_asked() -> int:
    """The mail to those who were asked an hour ago and have not answered. Out: how many people."""
    at = now()
    rows = _held(Q(mailed_at=None, asked_at__lte=at - WRITE_AFTER))
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=at)
    write_mails(_letter(row, "feedback_asked") for row in rows)
    return len(rows)


@transaction.atomic
def remind() -> int:
    """Remind whoever has not answered, on the days of the institute. Out: how many people.

    Where feedback is optional nobody is reminded. Several days that have passed are one reminder.
    """
    policy = policies()
    days = policy.feedback_reminder_days
    if policy.feedback == "optional" or not days:
        return 0
    at = now()
    due = Q()
    for number, day in enumerate(days):
        due |= Q(reminded__lte=number, asked_at__lte=at - timedelta(days=day))
    rows = _held(due & ~Q(mailed_at=None))
    for row in rows:
        row.reminded = sum(row.asked_at <= at - timedelta(days=day) for day in days)
    Invitation.objects.bulk_update(rows, ["reminded"])
    write_mails(_letter(row, "feedback_reminder") for row in rows)
    return len(rows)


def _ask(
    rounds: Iterable[tuple[Mentorship, datetime]], moment: Moment, *, ended_early: bool = False
) -> int:
    rows = [
        Invitation(
            mentorship=one,
            person=person,
            role=role,
            moment=moment,
            round_began=began,
            ended_early=ended_early,
        )
        for one, began in rounds
        for role, person in (("mentor", one.mentor), ("mentee", one.mentee))
        if person.is_active
    ]
    if not rows:
        return 0
    survey = _asked_now(moment)
    for row in rows:
        row.survey = survey
    Invitation.objects.bulk_create(rows, ignore_conflicts=True)
    return Invitation.objects.filter(pk__in=[row.pk for row in rows]).count()


def _held(which: Q) -> list[Invitation]:
    """Some of those who are waited for, each held by one turn of the clock alone."""
    return list(
        queries.still_waited_for()
        .filter(which)
        .select_related("person", "mentorship__mentor", "mentorship__mentee")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("asked_at", "pk")[:AT_ONCE]
    )


def _asked_now(moment: Moment) -> Edition:
    """The version in force; the product's own is published where the institute has none."""
    standing = edition(queries.KIND, moment)
    return standing or publish(
        queries.KIND, moment, DEFAULTS[moment].model_dump(mode="json")
    )  # fmt: skip


def _round_began() -> Coalesce:
    """When the two began, or began again, to work together."""
    begun = MentorshipStep.objects.filter(mentorship=OuterRef("pk"), after=State.ACTIVE)
    latest = begun.exclude(before=State.ACTIVE).order_by("-at").values("at")[:1]
    return Coalesce(Subquery(latest), F("answered_at"), F("sent_at"))


def _letter(row: Invitation, kind: str) -> Letter:
    mentor, mentee = row.mentorship.mentor, row.mentorship.mentee
    partner = mentee if row.person_id == mentor.pk else mentor
    context: dict[str, Any] = {
        "partner_name": one_line(partner.full_name),
        "midway": row.moment == MIDPOINT,
        "ended_early": row.ended_early,
        "required": policies().feedback == "required",
        "page": absolute(reverse("feedback:answer", args=[row.mentorship_id])),
    }
    return Letter(
        template=f"mails/{kind}",
        to=row.person,
        context=context,
        kind=kind,
        about=row,
        thread=str(row.mentorship_id),
    )
