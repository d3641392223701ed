"""A meeting is arranged, changed, called off (product D5, D6, D8)."""

from dataclasses import fields
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.meetings import errors, permissions, queries, rules
from core.meetings.models import Meeting
from core.meetings.rules import Plan
from core.meetings.services import telling
from core.mentorships import permissions as of_mentorships
from core.mentorships.models import Mentorship
from core.mentorships.queries import with_people


@transaction.atomic
def arrange(
    mentorship: Mentorship, *, by: Person, plan: Plan, send: bool, form_key: UUID | None = None
) -> Meeting:
    """Arrange a meeting of the two; `send` mails the details to the partner.

    The same form sent twice makes one meeting. Errors: NotTheirs, NotWorkingTogether, TooMany,
    RuleBroken for a time that is past or too far away.
    """
    held = _hold(mentorship, by)
    if form_key and (made := Meeting.objects.filter(arranged_by=by, form_key=form_key).first()):
        return queries.with_people().get(pk=made.pk)
    _check_together(held, by)
    since = now() - timedelta(days=1)
    if held.meetings.filter(created_at__gt=since).count() >= rules.MEETINGS_A_DAY:
        raise errors.TooMany("You have arranged very many meetings today. Come back tomorrow.")
    _check_when(plan)
    meeting = Meeting(mentorship=held, arranged_by=by, form_key=form_key)
    _fill(meeting, plan)
    meeting.save(force_insert=True)
    audit.record("meeting arranged", thing=meeting, by=by)
    if send:
        telling.tell(meeting, "meeting_arranged", to=meeting.partner_of(by), by=by)
    return meeting


@transaction.atomic
def change(meeting: Meeting, *, by: Person, plan: Plan, seen: int, send: bool) -> Meeting:
    """Change what is arranged. Whoever has it by mail gets the new version of it.

    `seen` is the sequence that the form was drawn from. Nothing different changes and tells
    nothing. Errors: NotTheirs, NotWorkingTogether, MeetingOver, AlreadyChanged, TooMany,
    RuleBroken for a new time that is past or too far away.
    """
    two = _hold(meeting.mentorship, by)
    held = _meeting(meeting, two)
    _check_together(two, by)
    _check_to_come(held)
    before = _plan_of(held)
    if all(
        getattr(before, one.name) == getattr(plan, one.name)
        for one in fields(Plan)
        if one.name != "time_zone"
    ):
        return held
    if held.sequence != seen:
        raise errors.AlreadyChanged(
            "This meeting was changed while you were writing. Look at it as it stands now."
        )
    if held.sequence >= rules.CHANGES:
        raise errors.TooMany(
            "This meeting has been changed very often. Cancel it and arrange a new one."
        )
    if plan.starts_at != held.starts_at:
        _check_when(plan)
    old = rules.Span(held.starts_at, held.ends_at)
    _fill(held, plan)
    held.sequence += 1
    held.changed_at = now()
    held.save()
    audit.record("meeting changed", thing=held, by=by)
    partner = held.partner_of(by)
    if send or held.was_sent_to(partner):
        telling.tell(held, "meeting_changed", to=partner, by=by, before=old)
    if held.was_sent_to(by):
        telling.tell(held, "meeting_changed", to=by, by=by, before=old)
    return held


@transaction.atomic
def cancel(meeting: Meeting, *, by: Person) -> Meeting:
    """Call the meeting off; a second time changes nothing.

    Errors: NotTheirs, NotWorkingTogether, MeetingOver.
    """
    two = _hold(meeting.mentorship, by)
    held = _meeting(meeting, two)
    if not held.is_cancelled:
        _check_together(two, by)
        _check_to_come(held)
        _call_off(held, by)
    return held


@transaction.atomic
def cancel_coming(mentorship_id: UUID, *, by_id: UUID) -> int:
    """The relationship is over: nothing more will come of its meetings (product D8)."""
    by = Person.objects.filter(pk=by_id).first()
    rows = queries.with_people().filter(mentorship_id=mentorship_id)
    meetings = list(queries.coming(rows).select_for_update(of=("self",)))
    for meeting in meetings:
        _call_off(meeting, by)
    return len(meetings)


def _call_off(meeting: Meeting, by: Person | None) -> None:
    meeting.cancelled_at = meeting.changed_at = now()
    meeting.cancelled_by = by
    meeting.sequence += 1
    meeting.save()
    audit.record("meeting cancelled", thing=meeting, by=by)
    two = meeting.mentorship
    for person in (two.mentor, two.mentee):
        if meeting.was_sent_to(person):
            telling.tell(meeting, "meeting_cancelled", to=person, by=by)


def _hold(mentorship: Mentorship, by: Person) -> Mentorship:
    """The relationship, locked before any of its meetings, so that it cannot end meanwhile."""
    held = with_people().select_for_update(of=("self",)).get(pk=mentorship.pk)
    if not of_mentorships.is_party(by, held):
        raise errors.NotTheirs("There is nothing here that you can do.")
    return held


def _check_together(mentorship: Mentorship, by: Person) -> None:
    if not permissions.may_arrange(by, mentorship):
        raise errors.NotWorkingTogether("Meetings are for people who work together at present.")


def _meeting(meeting: Meeting, mentorship: Mentorship) -> Meeting:
    held = queries.with_people().select_for_update(of=("self",)).get(pk=meeting.pk)
    held.mentorship = mentorship
    return held


def _check_to_come(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise errors.MeetingOver("This meeting was cancelled. You can arrange a new one.")
    if meeting.is_over:
        raise errors.MeetingOver("This meeting is over. What was arranged stays as it was.")


def _check_when(plan: Plan) -> None:
    try:
        rules.check_when(plan.starts_at, now())
    except rules.TimeRefused as refusal:
        raise RuleBroken(str(refusal)) from None


def _plan_of(meeting: Meeting) -> Plan:
    return Plan(**{one.name: getattr(meeting, one.name) for one in fields(Plan)})


def _fill(meeting: Meeting, plan: Plan) -> None:
    for one in fields(Plan):
        setattr(meeting, one.name, getattr(plan, one.name))
