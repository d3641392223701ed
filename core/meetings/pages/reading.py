"""Lists of meetings, and the page of one (product D5)."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.meetings import permissions, queries, rules, services
from core.meetings.forms import NoteForm
from core.meetings.models import Meeting
from core.meetings.pages.finding import meeting_of, mentorship_of, partner_in
from core.meetings.pages.lines import line
from core.mentorships import queries as of_mentorships
from core.mentorships.pages.reader import reader
from core.mentorships.states import State

PAST_A_PAGE = 10
MOST_COMING = 100


@member_required
@require_safe
def listing(request: HttpRequest, mentorship_id: UUID | None = None) -> HttpResponse:
    """Coming and past meetings: with one partner, or all of mine."""
    person = reader(request)
    meetings = queries.all_of(person)
    mentorship = partner = None
    if mentorship_id is not None:
        mentorship = mentorship_of(person, mentorship_id)
        partner = partner_in(mentorship, person)
        meetings = meetings.filter(mentorship=mentorship)
    past = Paginator(queries.past(meetings), PAST_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/list.html",
        {
            "mentorship": mentorship,
            "partner": partner,
            "may_arrange": mentorship is not None and permissions.may_arrange(person, mentorship),
            "together": [] if mentorship else _together(person),
            "coming": [line(one, person) for one in queries.coming(meetings)[:MOST_COMING]],
            "past": past,
            "past_lines": [line(one, person) for one in past],
            "zone": rules.in_words(rules.zone_named(person.time_zone).key),
        },
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """A meeting, and its notes; posting writes a note."""
    person = reader(request)
    meeting = meeting_of(person, meeting_id)
    partner = meeting.partner_of(person)
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        partner=partner,
        may_share=permissions.may_share_notes(person, meeting),
    )
    if form.is_valid():
        data = form.cleaned_data
        services.write_note(
            meeting,
            by=person,
            body=data["body"],
            shared=data.get("shared", False),
            form_key=data["form_key"],
        )
        return _to_notes(meeting)
    return _page(request, meeting, person, partner, form)


def _page(
    request: HttpRequest, meeting: Meeting, person: Person, partner: Person, form: NoteForm
) -> HttpResponse:
    theirs = rules.zone_named(partner.time_zone)
    shown = line(meeting, person)
    return render(
        request,
        "meetings/detail.html",
        {
            "meeting": meeting,
            "line": shown,
            "partner": partner,
            "form": form,
            "duration": rules.duration_in_words(meeting.minutes),
            "zone": rules.in_words(rules.zone_named(person.time_zone).key),
            "partner_zone": rules.in_words(theirs.key),
            "partner_when": rules.when_in_words(meeting.starts_at, meeting.ends_at, theirs),
            "may_change": permissions.may_change(person, meeting),
            "notes": queries.notes_for(meeting, person),
        },
        status=422 if form.errors else 200,
    )


def _to_notes(meeting: Meeting) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": f"{meeting.get_absolute_url()}#notes"})


def _together(person: Person) -> list[tuple[UUID, Person]]:
    """Those with whom a meeting can be arranged now."""
    active = [
        *of_mentorships.as_mentor(person).filter(state=State.ACTIVE),
        *of_mentorships.as_mentee(person).filter(state=State.ACTIVE),
    ]
    return [(one.pk, partner_in(one, person)) for one in active]
