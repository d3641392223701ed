"""Arranging, changing and cancelling a meeting (product D5)."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.kernel.errors import NotAllowed, RuleBroken
from core.meetings import permissions, rules, services
from core.meetings.forms import MeetingForm
from core.meetings.models import Meeting
from core.meetings.pages.finding import meeting_of, mentorship_of, partner_in
from core.mentorships.models import Mentorship
from core.mentorships.pages.reader import reader
from core.programme.queries import in_our_words, policies


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """A new meeting with the partner; the same form sent twice makes one."""
    person = reader(request)
    mentorship = mentorship_of(person, mentorship_id)
    partner = partner_in(mentorship, person)
    if not permissions.may_arrange(person, mentorship):
        return _refused(
            request, mentorship, partner, "Meetings are for people who work together at present."
        )
    form = MeetingForm(_written(request), writer=person, partner=partner)
    if form.is_valid():
        send = form.cleaned_data["send"]
        try:
            meeting = services.arrange(
                mentorship,
                by=person,
                plan=form.plan,
                send=send,
                form_key=form.cleaned_data["form_key"],
            )
        except NotAllowed:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            told = f"{partner.full_name} gets an e-mail with a file for the calendar."
            quiet = f"{partner.full_name} was not told: they see it here when they sign in."
            messages.success(
                request, _arranged(meeting, form.zone) + " " + (told if send else quiet)
            )
            return redirect(meeting)
    return _form_page(request, form, mentorship, partner)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Change what was arranged; either of the two can."""
    person = reader(request)
    meeting = meeting_of(person, meeting_id)
    partner = meeting.partner_of(person)
    if not permissions.may_change(person, meeting):
        return _refused(request, meeting.mentorship, partner, _standing(meeting))
    form = MeetingForm(_written(request), writer=person, partner=partner, meeting=meeting)
    if form.is_valid():
        data = form.cleaned_data
        seen = data["seen"] if data["seen"] is not None else meeting.sequence
        try:
            changed = services.change(
                meeting, by=person, plan=form.plan, seen=seen, send=data.get("send", False)
            )
        except NotAllowed:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            if changed.sequence == meeting.sequence:
                messages.info(request, "Nothing was changed, so nobody was told.")
            else:
                messages.success(request, _saved(changed, partner, form.zone))
            return redirect(changed)
    return _form_page(request, form, meeting.mentorship, partner, meeting=meeting)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Ask once, then call it off; a second click changes nothing."""
    person = reader(request)
    meeting = meeting_of(person, meeting_id)
    partner = meeting.partner_of(person)
    if request.method == "POST":
        try:
            services.cancel(meeting, by=person)
        except NotAllowed:
            raise
        except RuleBroken as broken:
            return _refused(request, meeting.mentorship, partner, broken.message)
        told = meeting.was_sent_to(partner)
        messages.success(
            request,
            "The meeting is cancelled."
            + (f" {partner.full_name} gets an e-mail that says so." if told else ""),
        )
        return redirect("meetings:with", meeting.mentorship_id)
    if meeting.is_cancelled:
        return redirect(meeting)
    if not permissions.may_change(person, meeting):
        return _refused(request, meeting.mentorship, partner, _standing(meeting))
    return render(
        request,
        "meetings/cancel.html",
        {
            "meeting": meeting,
            "partner": partner,
            "told": meeting.was_sent_to(partner),
            "when": _when(meeting, rules.zone_named(person.time_zone)),
        },
    )


def _form_page(
    request: HttpRequest,
    form: MeetingForm,
    mentorship: Mentorship,
    partner: Person,
    meeting: Meeting | None = None,
) -> HttpResponse:
    theirs = rules.zone_named(partner.time_zone)
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "mentorship": mentorship,
            "partner": partner,
            "meeting": meeting,
            "zone": rules.in_words(form.zone.key),
            "partner_zone": rules.in_words(theirs.key),
            "zone_sentence": in_our_words(policies().meeting_zone_sentence),
        },
        status=422 if form.errors else 200,
    )


def _refused(
    request: HttpRequest, mentorship: Mentorship, partner: Person, message: str
) -> HttpResponse:
    return render(
        request,
        "meetings/refused.html",
        {"message": message, "mentorship": mentorship, "partner": partner},
        status=409,
    )


def _standing(meeting: Meeting) -> str:
    if meeting.is_cancelled:
        return "This meeting was cancelled."
    if meeting.is_over:
        return "This meeting is over. What was arranged stays as it was."
    return "Meetings are for people who work together at present."


def _when(meeting: Meeting, zone: ZoneInfo) -> str:
    return rules.when_in_words(meeting.starts_at, meeting.ends_at, zone)


def _arranged(meeting: Meeting, zone: ZoneInfo) -> str:
    said = f"Your meeting is arranged for {_when(meeting, zone)}."
    if rules.ends_next_day(meeting.starts_at, meeting.ends_at, zone):
        said += " It ends after midnight."
    return said


def _saved(meeting: Meeting, partner: Person, zone: ZoneInfo) -> str:
    said = f"Saved: {_when(meeting, zone)}."
    if rules.ends_next_day(meeting.starts_at, meeting.ends_at, zone):
        said += " It ends after midnight."
    return f"{said} {partner.full_name} is told." if meeting.was_sent_to(partner) else said


def _written(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
