"""Mails along the way of a mentorship, written in the transaction of the change (product A13, C4).

Contact details go into the two mails of acceptance and into no other (product D1).
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format

from core.accounts.models import Person
from core.journey.events import StageCompleted, StageEvent, StageMarked
from core.journey.models import Run
from core.kernel.events import receives
from core.kernel.links import absolute
from core.kernel.outbox import one_line
from core.matching.queries import Result
from core.mentorships import queries
from core.mentorships.events import (
    ChangesAsked,
    InvitedBack,
    MarkedDone,
    MarkTakenBack,
    MatchesMade,
    MatchesProposed,
    MentorshipEvent,
    PlaceFreed,
    RelationshipCompleted,
    RelationshipEnded,
    RelationshipResumed,
    RemindersFellDue,
    RequestAccepted,
    RequestDeclined,
    RequestEdited,
    RequestReopened,
    RequestRevised,
    RequestSent,
    RequestsLapsed,
    RequestWithdrawn,
)
from core.mentorships.models import Mentorship
from core.mentorships.queries import Contact
from core.mentorships.states import Action
from core.messaging.events import MessagesWaiting, ReportMade
from core.messaging.queries import first_waiting
from core.profiles.events import MentorReturned
from core.profiles.models import Profile
from core.programme.queries import current, in_our_words, policies
from core.programme.services import Letter, write_mail, write_mails


@receives(RequestSent)
def tell_mentor_of_request(event: RequestSent) -> None:
    """To the mentor: who asks, for what, in their own words."""
    mentorship = _find(event)
    _write("request_received", mentorship, to=mentorship.mentor)


@receives(RequestAccepted)
def tell_both_of_acceptance(event: RequestAccepted) -> None:
    """To both: the other's contact details; the mentee is asked to arrange the first talk (D3)."""
    mentorship = _find(event)
    mentor, mentee = mentorship.mentor, mentorship.mentee
    _write("request_accepted", mentorship, to=mentee, contact=_contact(mentor))
    _write("relationship_begun", mentorship, to=mentor, contact=_contact(mentee))


@receives(MatchesMade)
def tell_both_of_match(event: MatchesMade) -> None:
    """To both: the team brought them together, the other's contact details, the first step (F4)."""
    letters = []
    for one in queries.with_people().filter(pk__in=event.mentorship_ids):
        mentor, mentee = one.mentor, one.mentee
        letters.append(_letter("match_made", one, to=mentee, contact=_contact(mentor)))
        letters.append(_letter("match_begun", one, to=mentor, contact=_contact(mentee)))
    write_mails(letters)


@receives(MatchesProposed)
def tell_both_of_proposal(event: MatchesProposed) -> None:
    """To the mentor: the team asks for a mentee. To the mentee: who was asked for them (F4)."""
    letters = []
    for one in queries.with_people().filter(pk__in=event.mentorship_ids):
        letters.append(_letter("match_asked", one, to=one.mentor))
        letters.append(_letter("match_proposed", one, to=one.mentee))
    write_mails(letters)


@receives(RequestDeclined)
def tell_mentee_of_decline(event: RequestDeclined) -> None:
    """To the mentee: the answer, kind words if there are some, and who fits next (C4)."""
    mentorship = _find(event)
    closest = [_fitting(result) for result in queries.closest_left(mentorship.mentee)]
    _write("request_declined", mentorship, to=mentorship.mentee, closest=closest)


@receives(RequestWithdrawn)
def tell_mentor_of_withdrawal(event: RequestWithdrawn) -> None:
    """To the mentor: there is nothing to answer any more (C6); to both when staff stepped in."""
    mentorship = _find(event)
    by_team = event.by_id not in (mentorship.mentee_id, mentorship.mentor_id)
    _write("request_withdrawn", mentorship, to=mentorship.mentor, by_team=by_team)
    if by_team:
        _write("request_withdrawn", mentorship, to=mentorship.mentee, by_team=True)


@receives(RequestEdited)
def tell_mentor_of_edit(event: RequestEdited) -> None:
    """To the mentor: the words as they stand now, and what they were about before (C2)."""
    mentorship = _find(event)
    changes = queries.latest_change(mentorship)
    before = changes.area_before if changes else ""
    _write("request_edited", mentorship, to=mentorship.mentor, area_before=before)


@receives(ChangesAsked)
def tell_mentee_of_wish(event: ChangesAsked) -> None:
    """To the mentee: what the mentor would like to be changed, in their words (C3)."""
    mentorship = _find(event)
    wish = queries.latest_words(mentorship, Action.ASK_CHANGES)
    _write("changes_asked", mentorship, to=mentorship.mentee, wish=wish)


@receives(RequestRevised)
def tell_mentor_of_new_version(event: RequestRevised) -> None:
    """To the mentor: the new version, which waits for an answer."""
    mentorship = _find(event)
    _write("request_revised", mentorship, to=mentorship.mentor)


@receives(RequestReopened)
def tell_other_of_reopening(event: RequestReopened) -> None:
    """To the other: the mentor is asked once more, or the mentee hears that there is hope (C6)."""
    mentorship = _find(event)
    if event.by_id == mentorship.mentor_id:
        _write("decline_reopened", mentorship, to=mentorship.mentee)
    else:
        _write("request_reopened", mentorship, to=mentorship.mentor)


@receives(MarkedDone)
def ask_other_to_complete(event: MarkedDone) -> None:
    """To the other: is the journey complete (E9)?"""
    mentorship = _find(event)
    _write_other("completion_asked", mentorship, event)


@receives(MarkTakenBack)
def tell_other_of_going_on(event: MarkTakenBack) -> None:
    """To the other: the journey goes on after all (E9)."""
    mentorship = _find(event)
    _write_other("completion_put_off", mentorship, event)


@receives(StageMarked)
def ask_other_about_stage(event: StageMarked) -> None:
    """To the other: is this stage completed (E8)?"""
    _write_about_stage("stage_marked", event)


@receives(StageCompleted)
def tell_other_of_stage(event: StageCompleted) -> None:
    """To the other: a stage is completed, and what comes next (E8)."""
    _write_about_stage("stage_completed", event)


@receives(RelationshipCompleted)
def tell_other_of_completion(event: RelationshipCompleted) -> None:
    """To the other: the journey is complete."""
    mentorship = _find(event)
    _write_other("relationship_completed", mentorship, event)


@receives(RelationshipEnded)
def tell_other_of_end(event: RelationshipEnded) -> None:
    """To the other, or to both when staff stepped in: it has ended (D9). No reason goes along."""
    mentorship = _find(event)
    _write_other("relationship_ended", mentorship, event)


@receives(InvitedBack)
def tell_mentee_of_invitation(event: InvitedBack) -> None:
    """To the mentee: the mentor would like to go on, in their own words (D9)."""
    mentorship = _find(event)
    wish = queries.latest_words(mentorship, Action.INVITE_BACK)
    _write("invited_back", mentorship, to=mentorship.mentee, wish=wish)


@receives(RelationshipResumed)
def tell_mentor_of_going_on(event: RelationshipResumed) -> None:
    """To the mentor: the mentee said yes (D9)."""
    mentorship = _find(event)
    _write("relationship_resumed", mentorship, to=mentorship.mentor)


@receives(RemindersFellDue)
def remind_mentors(event: RemindersFellDue) -> None:
    """To each mentor: somebody waits, and until when (C5)."""
    lapse_days = policies().lapse_days
    write_mails(
        _letter(
            "request_reminder",
            one,
            to=one.mentor,
            sent_on=_day(one.sent_at),
            lapses_on=_day(one.waiting_since + timedelta(days=lapse_days)),
        )
        for one in queries.with_people().filter(pk__in=event.mentorship_ids)
    )


@receives(RequestsLapsed)
def tell_of_lapses(event: RequestsLapsed) -> None:
    """To each mentee: choose another, and who fits; to each mentor: nothing waits any more (C5)."""
    lapsed = list(queries.with_people().filter(pk__in=event.mentorship_ids))
    mentees = {one.mentee_id: one.mentee for one in lapsed if one.mentee.is_active}
    closest = queries.closest_left_for_all(list(mentees.values()))
    letters = []
    for one in lapsed:
        if one.mentee.is_active:
            fitting = [_fitting(result) for result in closest[one.mentee_id]]
            letters.append(_letter("request_lapsed", one, to=one.mentee, closest=fitting))
        if one.mentor.is_active:
            letters.append(_letter("request_expired", one, to=one.mentor))
    write_mails(letters)


@receives(PlaceFreed)
def tell_of_free_place(event: PlaceFreed) -> None:
    """To those who have waited longest: there is a place (B10)."""
    mentor = Person.objects.get(pk=event.mentor_id)
    page = absolute(reverse("mentorships:mentor", args=[mentor.pk]))
    write_mails(
        Letter(
            template="mails/place_free",
            to=mentee,
            kind="place_free",
            about=mentor,
            context={"mentor_name": one_line(mentor.full_name), "page": page},
        )
        for mentee in Person.objects.filter(pk__in=event.mentee_ids)
    )


@receives(MentorReturned)
def welcome_mentor_back(event: MentorReturned) -> None:
    """To the mentor: the day has come, you are found again (B11)."""
    mentor = Profile.objects.select_related("person").get(pk=event.profile_id).person
    page = absolute(reverse("mentorships:availability"))
    write_mail(
        template="mails/available_again",
        to=mentor,
        kind="available_again",
        about=mentor,
        context={"page": page},
    )


def _day(at: datetime) -> str:
    return date_format(at.astimezone(ZoneInfo(current().time_zone)), "j F Y")


def _write_other(kind: str, mentorship: Mentorship, event: MentorshipEvent) -> None:
    mentor, mentee = mentorship.mentor, mentorship.mentee
    for reader, partner in ((mentor, mentee), (mentee, mentor)):
        if reader.pk != event.by_id:
            name = one_line(partner.full_name)
            _write(
                kind, mentorship, to=reader, partner_name=name, by_partner=partner.pk == event.by_id
            )


def _write_about_stage(kind: str, event: StageEvent) -> None:
    run = Run.objects.select_related("edition").get(pk=event.run_id)
    mentorship = queries.with_people().get(pk=run.mentorship_id)
    mentor, mentee = mentorship.mentor, mentorship.mentee
    reader, partner = (mentee, mentor) if event.by_id == mentor.pk else (mentor, mentee)
    labels = {stage.key: in_our_words(stage.label) for stage in run.plan.stages}
    following = next(
        (stage for stage in run.plan.stages if not run.standing(stage.key).passed), run.plan.last
    )
    _write(
        kind, mentorship, to=reader,
        partner_name=one_line(partner.full_name),
        stage=labels.get(event.stage, ""),
        next_stage=in_our_words(following.label),
        next_step=in_our_words(following.next_step),
        stage_page=absolute(reverse("journey:stage", args=[mentorship.pk, event.stage])),
        road_map=absolute(reverse("journey:road_map", args=[mentorship.pk])),
    )  # fmt: skip


def _fitting(result: Result) -> str:
    name, receipt = one_line(result.person.full_name), result.receipt
    return f"{name}. {one_line(receipt.sentence)}" if receipt.lines else name


@receives(MessagesWaiting)
def tell_of_messages(event: MessagesWaiting) -> None:
    """To whoever has not read them: that somebody wrote, never what (product D4).

    One mail for all that came in a few minutes; the preference's key is `messages`.
    """
    waiting = first_waiting(event.conversation_id, event.person_id)
    if waiting is None:
        return
    partner = one_line(waiting.sender.full_name)
    write_mail(
        template="mails/messages_waiting",
        to=Person.objects.get(pk=event.person_id),
        kind="messages",
        about=waiting.conversation,
        thread=f"conversation-{event.conversation_id}",
        context={
            "partner_name": partner,
            "count": event.count,
            "question": waiting.is_question,
            "page": absolute(reverse("messaging:thread", args=[waiting.sender_id])),
        },
    )


@receives(ReportMade)
def tell_team_of_report(event: ReportMade) -> None:
    """To the programme team: that somebody needs them. Who and what stands behind the sign-in."""
    programme = current()
    write_mail(
        template="mails/report_received",
        to=(programme.contact_name, programme.contact_email),
        kind="report_received",
        context={
            "step_in": event.step_in,
            "page": absolute(reverse("staff:safeguarding", args=[event.report_id])),
        },
    )


def _find(event: MentorshipEvent) -> Mentorship:
    return queries.with_people().get(pk=event.mentorship_id)


def _contact(person: Person) -> Contact:
    found = queries.contact_of(person)
    return Contact(
        name=one_line(found.name),
        email=found.email,
        job_title=one_line(found.job_title),
        organisation=one_line(found.organisation),
        phone=one_line(found.phone),
    )


def _write(kind: str, mentorship: Mentorship, *, to: Person, **more: Any) -> None:
    if to.is_active:  # whoever has left reads nothing here any more
        write_mail(**vars(_letter(kind, mentorship, to=to, **more)))


def _letter(kind: str, mentorship: Mentorship, *, to: Person, **more: Any) -> Letter:
    return Letter(
        template=f"mails/{kind}",
        to=to,
        kind=kind,
        about=mentorship,
        thread=f"mentorship-{mentorship.pk}",
        context={
            "mentor_name": one_line(mentorship.mentor.full_name),
            "mentee_name": one_line(mentorship.mentee.full_name),
            "area": mentorship.area_label,
            "statement": mentorship.statement,
            "reason": mentorship.reason_text,
            "note": mentorship.note,
            "page": absolute(mentorship.get_absolute_url()),
            "ending": absolute(reverse("journey:ending", args=[mentorship.pk])),
            "dashboard": absolute(reverse("mentorships:dashboard")),
            **more,
        },
    )
