"""Ask Question: the second tab of a mentor's page (product B8, B9)."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.accounts.queries import blocked_between
from core.kernel.errors import NotAllowed, RuleBroken
from core.messaging import permissions, queries, services
from core.messaging.forms import MessageForm
from core.messaging.models import Message
from core.messaging.pages.holding import give_back, holds_text
from core.messaging.pages.people import reader
from core.profiles.queries import profile_of


@holds_text
@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Write a question; the answer comes in the same conversation."""
    person = reader(request)
    mentor = Person.objects.filter(pk=person_id, is_active=True, is_mentor=True).first()
    profile = profile_of(mentor, "mentor") if mentor else None
    if mentor is None or mentor == person or not person.is_mentee:
        raise Http404
    if profile is None or not profile.complete or blocked_between(person, mentor):
        raise Http404
    known = permissions.know_each_other(person, mentor)
    refused = "" if known else _refused(person, mentor)
    form = None
    if request.method == "POST" or not (known or refused):
        give_back(request, to=mentor, by=person)
        form = _form(request, person, mentor)
    if request.method == "POST" and form and form.is_valid():
        deliver = services.send if known else services.ask
        if _asked(request, form, mentor, person, deliver):
            return redirect(f"{reverse('messaging:thread', args=[mentor.pk])}?sent=1")
    return render(
        request,
        "messaging/ask.html",
        {"mentor": mentor, "form": form, "known": known, "refused": refused},
        status=422 if request.method == "POST" else 200,
    )


def _form(request: HttpRequest, person: Person, mentor: Person) -> MessageForm:
    draft_url = reverse("messaging:draft", args=[mentor.pk])
    if request.method == "POST":
        return MessageForm(request.POST, request.FILES, draft_url=draft_url, label="Your question")
    initial = {"text": queries.draft_of(person, mentor)}
    return MessageForm(initial=initial, draft_url=draft_url, label="Your question")


def _refused(person: Person, mentor: Person) -> str:
    try:
        services.check_ask(mentor=mentor, by=person)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return broken.message
    return ""


def _asked(
    request: HttpRequest,
    form: MessageForm,
    mentor: Person,
    person: Person,
    deliver: Callable[..., Message],
) -> bool:
    """Send it; a second press finds the conversation there and the message in it."""
    try:
        deliver(to=mentor, **form.written, by=person)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.add_error("text", broken.message)
        return False
    messages.success(
        request,
        f"Your question is with {mentor.full_name}. You will get an e-mail when they answer.",
    )
    return True
