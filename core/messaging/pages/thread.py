"""A conversation: reading it, writing in it, what is new in it (product D4)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.kernel.errors import NotAllowed, RuleBroken
from core.messaging import permissions, queries, services
from core.messaging.forms import MessageForm
from core.messaging.models import Message
from core.messaging.pages.holding import give_back, holds_text
from core.messaging.pages.lines import last_day, lines
from core.messaging.pages.people import partner_of, reader
from core.messaging.rules.writing import POLL_SECONDS, TALKS_A_PAGE

HIGHEST = 10**9


@member_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """All conversations, newest first."""
    person = reader(request)
    found = Paginator(queries.talks(person), TALKS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "messaging/list.html", {"page": found})


@holds_text
@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The two alone; anybody else is told that there is no such page."""
    person, partner = reader(request), partner_of(person_id)
    if not permissions.know_each_other(person, partner):
        raise Http404
    if request.method != "POST":
        give_back(request, to=partner, by=person)
        form = _form(partner, initial={"text": queries.draft_of(person, partner)})
        return _page(request, person, partner, form)
    form = _form(partner, request.POST, request.FILES)
    if form.is_valid():
        try:
            services.send(to=partner, **form.written, by=person)
            return redirect(f"{request.path}?sent=1#write")
        except NotAllowed:
            raise
        except RuleBroken as broken:
            form.add_error("text", broken.message)
    return _page(request, person, partner, form, status=422)


@never_cache
@require_safe
def news(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What came since: 204 when nothing did. One look-up; the page asks every few seconds."""
    person = request.user
    if not isinstance(person, Person):
        return render(request, "messaging/signed_out.html", {"back": _address(person_id)})
    side = queries.standing(person, partner_of(person_id))
    if side is None:
        return HttpResponse(status=204)
    after, read = _number(request, "after"), _number(request, "read")
    talk = side.conversation
    if talk.last_number <= after and side.read_number <= read:
        return HttpResponse(status=204)
    came = queries.news(talk, after) if talk.last_number > after else []
    newest = came[-1].number if came else after
    _seen(request, person, side.person, newest)
    day = request.GET.get("day", "")
    mine = not came or came[-1].sender_id == person.pk
    return render(
        request,
        "messaging/news.html",
        {
            "lines": lines(came, person, after_day=day),
            "partner": side.person,
            "news_url": _news_url(
                person_id, newest, side.read_number, last_day(came, person) or day
            ),
            "seconds": POLL_SECONDS,
            "read_at": side.read_at if mine and side.read_number >= newest else None,
            "said": _said(came, person),
        },
    )


@require_POST
def draft(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Keep what is being typed."""
    person = request.user
    if not isinstance(person, Person):
        return render(request, "messaging/signed_out_draft.html", {"back": _address(person_id)})
    text = request.POST.get("text", "")
    services.keep_draft(to=partner_of(person_id), text=text, by=person, key=_key(request))
    return HttpResponse("Draft kept." if text.strip() else "")


def _page(
    request: HttpRequest, person: Person, partner: Person, form: MessageForm, *, status: int = 200
) -> HttpResponse:
    before = _number(request, "before") or None
    shown = queries.thread(person, partner, before=before)
    if before is None and shown.last_number > shown.read:
        _seen(request, person, partner, shown.last_number)
    mine = bool(shown.messages) and shown.messages[-1].sender_id == person.pk
    read = shown.partner_read >= shown.last_number
    return render(
        request,
        "messaging/thread.html",
        {
            "partner": partner,
            "shown": shown,
            "lines": lines(shown.messages, person, read=shown.read),
            "before": shown.messages[0].number if shown.earlier else None,
            "form": form,
            "closed": services.obstacle(person, partner),
            "news_url": _news_url(
                partner.pk,
                shown.last_number,
                shown.partner_read,
                last_day(list(shown.messages), person),
            ),
            "seconds": POLL_SECONDS,
            "newest": before is None,
            "last_is_mine": mine,
            "read_at": shown.partner_read_at if mine and read else None,
            "sent": "sent" in request.GET,
        },
        status=status,
    )


def _form(partner: Person, *args: Any, **kwargs: Any) -> MessageForm:
    name = partner.first_name or partner.full_name
    draft_url = reverse("messaging:draft", args=[partner.pk])
    return MessageForm(*args, draft_url=draft_url, label=f"Your message to {name}", **kwargs)


def _seen(request: HttpRequest, person: Person, partner: Person, number: int) -> None:
    """What was shown was read; what a browser fetched ahead was not."""
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        services.mark_read(partner=partner, number=number, by=person)


def _said(came: list[Message], person: Person) -> str:
    """What a screen reader is told."""
    theirs = [message for message in came if message.sender_id != person.pk]
    if not theirs:
        return ""
    name = theirs[-1].sender.full_name
    return f"New message from {name}" if len(theirs) == 1 else f"{len(theirs)} new messages"


def _address(person_id: UUID) -> str:
    thread_url = reverse("messaging:thread", args=[person_id])
    return f"{reverse('account_login')}?{urlencode({'next': thread_url})}"


def _news_url(person_id: UUID, after: int, read: int, day: str) -> str:
    query = urlencode({"after": after, "read": read, "day": day})
    return f"{reverse('messaging:news', args=[person_id])}?{query}"


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return (
        min(int(value), HIGHEST) if value.isascii() and value.isdigit() and len(value) < 12 else 0
    )
