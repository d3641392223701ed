"""The safeguarding queue (product D10). Staff read what was reported, and nothing else.

Conversations and messages are not on the staff site at all (decision 4).
"""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.kernel.downloads import private_file
from core.kernel.errors import RuleBroken
from core.kernel.staff import QueueAdmin, staff_site
from core.messaging import queries, services
from core.messaging.forms import MuteForm, NoteForm
from core.messaging.models import Report, ReportState


class Reports(QueueAdmin):
    """The queue, newest first. A row opens a page of its own, which notes who reads it."""

    opens = "safeguarding"
    list_display = ("made_at", "state", "kind", "reason", "about", "reporter", "taken_by")
    list_filter = ("state", "kind", "reason")
    list_select_related = ("about", "reporter", "taken_by")
    date_hierarchy = "made_at"
    verbose_name_plural = "safeguarding"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return queries.reports_for(cast(Person, request.user)).defer("text", "snapshot", "outcome")


@staff_site.page("safeguarding/<uuid:report_id>/", "safeguarding")
@require_http_methods(["GET", "HEAD", "POST"])
def safeguarding(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A report with its frozen messages, notes, and what can be done."""
    member = cast(Person, request.user)
    found = _found(member, report_id)
    if request.method == "POST":
        try:
            _act(request, found, member)
        except RuleBroken as broken:
            messages.error(request, broken.message)
        return redirect("staff:safeguarding", found.pk)
    services.open_report(found, by=member)
    muted = queries.muted_among(found.about, found.reporter)
    request.current_app = staff_site.name
    return render(
        request,
        "messaging/safeguarding.html",
        {
            **staff_site.each_context(request),
            "title": str(found),
            "report": found,
            "snapshot": [
                {**one, "sent_at": parse_datetime(str(one.get("sent_at", "")))}
                for one in found.snapshot
            ],
            "notes": found.notes.select_related("by"),
            "people": [
                {"person": person, "mute": muted.get(person.pk), "part": part}
                for person, part in ((found.about, "reported"), (found.reporter, "reporter"))
            ],
            "resolved": found.state == ReportState.RESOLVED,
            "mute_days": MuteForm.base_fields["days"].choices,  # type: ignore[attr-defined]
        },
    )


@staff_site.page("safeguarding/<uuid:report_id>/files/<uuid:attachment_id>/", "safeguarding_file")
@require_safe
def safeguarding_file(request: HttpRequest, report_id: UUID, attachment_id: UUID) -> HttpResponse:
    """A file of the frozen messages, always to be saved; who opens it is noted."""
    member = cast(Person, request.user)
    found = _found(member, report_id)
    attachment = queries.file_in(found, attachment_id)
    if attachment is None:
        raise Http404
    services.open_file(found, attachment.name, by=member)
    try:
        answer = private_file(
            attachment.stored_as,
            name=attachment.name,
            content_type=attachment.content_type,
            inline=False,
        )
    except FileNotFoundError:
        raise Http404 from None
    return cast(HttpResponse, answer)


def _found(member: Person, report_id: UUID) -> Report:
    found = queries.reports_for(member).filter(pk=report_id).first()
    if found is None:
        raise Http404
    return found


def _act(request: HttpRequest, found: Report, member: Person) -> None:
    """Do what the pressed button says."""
    step = request.POST.get("step", "")
    note = NoteForm(request.POST)
    text = note.cleaned_data["text"] if note.is_valid() else ""
    if step == "take":
        services.take(found, by=member)
    elif step == "note":
        services.add_note(found, text, by=member)
    elif step == "resolve":
        services.resolve(found, text, by=member)
    elif step in ("mute", "lift"):
        _mute_or_lift(request, found, member, lift=step == "lift")
    else:
        raise Http404
    messages.success(request, "Saved.")


def _mute_or_lift(request: HttpRequest, found: Report, member: Person, *, lift: bool) -> None:
    form = MuteForm({"days": "0", **request.POST.dict()} if lift else request.POST)
    people = {person.pk: person for person in (found.about, found.reporter)}
    if not form.is_valid() or form.cleaned_data["person"] not in people:
        raise Http404
    person = people[form.cleaned_data["person"]]
    if lift:
        services.lift_mute(found, person, by=member)
    else:
        services.mute(found, person, days=form.cleaned_data["days"], by=member)


staff_site.register(Report, Reports)
