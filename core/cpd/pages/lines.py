"""One line of a record: other hours, lines of one's own (product E14)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.cpd import queries, services
from core.cpd.forms import AdjustForm, OwnLineForm
from core.cpd.models import OwnLine
from core.cpd.pages.finding import member, period_of, scheme_of_site, today_of
from core.cpd.rules import Line
from core.kernel.errors import RuleBroken


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adjust_meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Other hours for a meeting than those it was arranged for, with the reason."""
    return _adjust(request, f"meeting:{meeting_id}")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adjust_reflection(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Hours for an entry of one's diary."""
    return _adjust(request, f"reflection:{entry_id}")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adjust_goal(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Hours for a goal that was reached."""
    return _adjust(request, f"goal:{goal_id}")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A line of one's own."""
    scheme_of_site()
    person = member(request)
    form = OwnLineForm(request.POST if request.method == "POST" else None, today=today_of(person))
    if form.is_valid():
        try:
            services.add(form.own, by=person, form_key=form.cleaned_data["form_key"])
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            messages.success(request, "Your line is added.")
            return redirect(_back(request, person))
    return _page(request, form, person, heading="Add a line of your own")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Change a line of one's own."""
    scheme_of_site()
    person = member(request)
    found = _own(person, line_id)
    data = request.POST if request.method == "POST" else None
    form = OwnLineForm(data, today=today_of(person), line=found)
    if form.is_valid():
        services.change(found, form.own, by=person)
        messages.success(request, "Your line is saved.")
        return redirect(_back(request, person))
    return _page(request, form, person, heading="Change your line", own=found)


@member_required
@require_POST
def remove(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Remove a line of one's own."""
    scheme_of_site()
    person = member(request)
    found = _own(person, line_id)
    services.remove(found, by=person)
    messages.success(request, f"“{found.title}” is removed.")
    return redirect(_back(request, person))


def _adjust(request: HttpRequest, place: str) -> HttpResponse:
    scheme_of_site()
    person = member(request)
    line = _line(request, person, place)
    form = AdjustForm(request.POST if request.method == "POST" else None, line=line)
    if form.is_valid():
        data = form.cleaned_data
        services.adjust(line, minutes=data["hours"], note=data["note"], by=person)
        messages.success(request, "Your line is saved.")
        return redirect(_back(request, person))
    return _page(request, form, person, heading="Adjust the hours", line=line)


def _page(
    request: HttpRequest,
    form: AdjustForm | OwnLineForm,
    person: Person,
    *,
    heading: str,
    line: Line | None = None,
    own: OwnLine | None = None,
) -> HttpResponse:
    return render(
        request,
        "cpd/line.html",
        {"form": form, "heading": heading, "line": line, "own": own,
         "back": _back(request, person), "query": period_of(request, person).query},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _back(request: HttpRequest, person: Person) -> str:
    return f"{reverse('cpd:record')}?{period_of(request, person).query}"


def _line(request: HttpRequest, person: Person, place: str) -> Line:
    for line in queries.lines_of(person, period_of(request, person)):
        if line.place == place:
            return line
    raise Http404


def _own(person: Person, line_id: UUID) -> OwnLine:
    found = queries.own_line_of(person, line_id)
    if found is None:
        raise Http404
    return found
