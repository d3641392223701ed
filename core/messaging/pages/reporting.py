"""Report a message or a person, or ask the programme team to step in (product D10)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.accounts.services import block
from core.kernel.errors import NotAllowed, RuleBroken
from core.messaging import permissions, queries, services
from core.messaging.forms import ReportForm
from core.messaging.models import Message, ReportKind
from core.messaging.pages.people import partner_of, reader
from core.programme.queries import words


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The form; `?message=` names the message that it is about."""
    person, about = reader(request), partner_of(person_id)
    if not permissions.may_report(person, about):
        raise Http404
    message = _message(request, person, about)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": request.GET["kind"]} if "kind" in request.GET else None,
        name=about.full_name,
        message=message is not None,
        talked=queries.conversation_between(person, about) is not None,
    )
    if form.is_valid() and _sent(form, message, about, person):
        messages.success(
            request,
            f"Your report is with the {words()['programme_team'].singular}. {about.full_name} is "
            "not told.",
        )
        if permissions.know_each_other(person, about):
            return redirect("messaging:thread", about.pk)
        return redirect("messaging:list")
    return render(
        request,
        "messaging/report.html",
        {"about": about, "form": form, "reported": message},
        status=422 if form.errors else 200,
    )


def _message(request: HttpRequest, person: Person, about: Person) -> Message | None:
    number = request.GET.get("message", "")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return None
    return queries.message_of(person, about, int(number))


def _sent(form: ReportForm, message: Message | None, about: Person, person: Person) -> bool:
    given = form.cleaned_data
    kind = ReportKind(given["kind"])
    try:
        services.report(
            about=about,
            kind=kind,
            text=given["text"],
            key=given["key"],
            by=person,
            reason=given["reason"],
            message=message if kind == ReportKind.MESSAGE else None,
            with_messages=given.get("with_messages", False),
        )
        if given["block"]:
            block(about, by=person)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.add_error(None, broken.message)
        return False
    return True
