"""The queue of messages to the team (product F2): read, note, answer, close."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.help import queries, rules, services
from core.help.forms import TeamForm
from core.help.models import Enquiry
from core.kernel.errors import RuleBroken
from core.kernel.ids import new_id
from core.kernel.staff import QueueAdmin, staff_site

DONE = {
    "take": "It is yours now.",
    "note": "The note is kept.",
    "acknowledge": "The complaint is confirmed by mail.",
    "answer": "The answer is on its way and kept here.",
    "close": "Closed.",
    "reopen": "It is open again.",
}


class Enquiries(QueueAdmin):
    """Complaints whose clock runs come first, then what waits longest."""

    opens = "enquiry"
    list_display = ("subject", "about", "clock", "state", "sender", "made_at", "taken_by")
    list_filter = ("state", "kind")
    search_fields = ("subject", "name", "email")
    date_hierarchy = "made_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return queries.queue().defer("message")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("place", "waits_since", "-made_at", "-id")

    @display(description="about")
    def about(self, row: Enquiry) -> str:
        return "Personal data" if row.is_complaint else row.get_kind_display()

    @display(description="confirm by")
    def clock(self, row: Enquiry) -> str:
        return clock_in_words(row)

    @display(description="from", ordering="name")
    def sender(self, row: Enquiry) -> str:
        return row.name if row.person_id else f"{row.name} (not signed in)"


def clock_in_words(row: Enquiry) -> str:
    """How long the team has to confirm a complaint; empty where no clock runs."""
    if row.acknowledge_by is None or row.days_left is None:
        return ""
    if row.is_overdue:
        return f"Overdue since {row.acknowledge_by:%d %b %Y}"
    days = "today" if row.days_left == 0 else f"{row.days_left} days left"
    return f"{row.acknowledge_by:%d %b %Y}, {'1 day left' if row.days_left == 1 else days}"


@staff_site.page("enquiries/<uuid:enquiry_id>/", "enquiry")
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """A message, its history, and what can be done. What was typed comes back with an error."""
    member = cast(Person, request.user)
    found = queries.queue().filter(pk=enquiry_id).first()
    if found is None:
        raise Http404
    problem, typed, status = "", "", 200
    if request.method == "POST":
        typed = request.POST.get("text", "")
        try:
            step = _act(request, found, member)
        except RuleBroken as broken:
            problem, status = broken.message, int(broken.status)
            found = queries.queue().get(pk=enquiry_id)
        else:
            messages.success(request, DONE[step])
            return redirect("staff:enquiry", found.pk)
    notes = list(found.notes.select_related("by"))
    request.current_app = staff_site.name
    return render(
        request,
        "help/enquiry.html",
        {
            **staff_site.each_context(request),
            "title": found.subject,
            "enquiry": found,
            "clock": clock_in_words(found),
            "notes": notes,
            "seen": len(notes),
            "key": new_id(),
            "problem": problem,
            "typed": typed,
            "longest": rules.LONGEST_NOTE,
        },
        status=status,
    )


def _act(request: HttpRequest, found: Enquiry, member: Person) -> str:
    """Do what the pressed button says; out: its name."""
    step = request.POST.get("step", "")
    form = TeamForm(request.POST)
    if not form.is_valid():
        if "text" in form.errors:
            raise RuleBroken(f"Use {rules.LONGEST_NOTE} characters or fewer.")
        raise Http404
    text, key = form.cleaned_data["text"], form.cleaned_data["key"]
    if step == "take":
        services.take(found, by=member)
    elif step == "note":
        services.add_note(found, text, by=member, key=key)
    elif step == "acknowledge":
        services.acknowledge(found, by=member)
    elif step == "answer":
        services.answer(found, text, by=member, seen=form.cleaned_data["seen"], key=key)
    elif step == "close":
        services.close(found, text, by=member)
    elif step == "reopen":
        services.reopen(found, by=member)
    else:
        raise Http404
    return step


staff_site.register(Enquiry, Enquiries)
