"""Changing and removing one's own notes (product D8)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.meetings import permissions, queries, services
from core.meetings.forms import NoteForm
from core.meetings.models import MeetingNote
from core.mentorships.pages.reader import reader


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Change a note of one's own."""
    person = reader(request)
    found = _own(person, note_id)
    meeting = found.meeting
    may_share = found.shared or permissions.may_share_notes(person, meeting)
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        partner=meeting.partner_of(person),
        may_share=may_share,
        initial={"body": found.body, "shared": found.shared},
    )
    if form.is_valid():
        data = form.cleaned_data
        services.change_note(found, by=person, body=data["body"], shared=data.get("shared", False))
        messages.success(request, "Your note is saved.")
        return redirect(meeting)
    return render(
        request,
        "meetings/note.html",
        {"form": form, "note": found, "meeting": meeting},
        status=422 if form.errors else 200,
    )


@member_required
@require_POST
def remove_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Remove a note of one's own."""
    person = reader(request)
    found = _own(person, note_id)
    meeting = found.meeting
    services.remove_note(found, by=person)
    messages.success(request, "Your note is removed.")
    return redirect(meeting)


def _own(person: Person, note_id: UUID) -> MeetingNote:
    found = queries.note_of(person, note_id)
    if found is None:
        raise Http404
    return found
