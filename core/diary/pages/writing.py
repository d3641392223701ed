"""Writing in the diary: a new entry, a change, and taking one away (product E13)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.diary import permissions, queries, services
from core.diary.forms import EntryForm
from core.diary.models import Entry
from core.diary.pages.finding import entry_of, reader, writer
from core.diary.pages.holding import given_back, holds_words, mark_of
from core.diary.rules import Prompt, prompt_from
from core.kernel.errors import RuleBroken


@holds_words
@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """A new entry; `?from=guide:choosing&title=…` says what it was written after, and
    `?about=<relationship>` to which relationship it belongs."""
    person = writer(request)
    prompt = prompt_from(request.GET.get("from", ""), request.GET.get("title", ""))
    form = _form(request, person, None, {"mentorship": request.GET.get("about", "")})
    if form.is_valid():
        try:
            made = services.write(
                form.page, by=person, prompt=prompt, form_key=form.cleaned_data["form_key"]
            )
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            messages.success(request, "Your entry is saved. Only you can read it.")
            return redirect(f"{made.get_absolute_url()}?saved")
    return _page(request, person, form, None, prompt)


@holds_words
@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Change an entry of one's own."""
    person = reader(request)
    found = entry_of(person, entry_id)
    form = _form(request, person, found, {})
    if form.is_valid():
        services.change(found, form.page, by=person)
        messages.success(request, "Your entry is saved.")
        return redirect(f"{found.get_absolute_url()}?saved")
    return _page(request, person, form, found, found.prompt)


@member_required
@require_POST
def delete(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Take an entry away, with a way back for a day."""
    person = reader(request)
    found = entry_of(person, entry_id)
    services.delete(found, by=person)
    return redirect(f"{reverse('diary:list')}?{urlencode({'deleted': str(found.pk)})}")


@member_required
@require_POST
def restore(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Bring an entry back."""
    person = request.user
    found = queries.deleted_of(person, entry_id) if isinstance(person, Person) else None
    if found is None:
        raise Http404
    services.restore(found, by=found.writer)
    messages.success(request, "Your entry is back.")
    return redirect(found)


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed; `?entry=` names the entry that is being changed."""
    person = request.user
    entry = _entry_named(person, request.GET.get("entry", "")) if request.GET else None
    if not isinstance(person, Person):
        back = entry_address(request.GET.get("entry", ""))
        link = f"{reverse('account_login')}?{urlencode({'next': back})}"
        return HttpResponse(
            format_html(
                'You have been signed out. <a href="{}">Sign in again</a>: what you have written '
                "is kept in this window.",
                link,
            )
        )
    if not permissions.may_read(person) or (request.GET.get("entry") and entry is None):
        raise Http404
    kept = services.keep_draft(
        by=person,
        entry=entry,
        title=request.POST.get("title", ""),
        text=request.POST.get("text", ""),
        key=_key(request.POST.get("form_key", "")),
    )
    return HttpResponse("Draft kept." if kept else "")


def entry_address(entry_id: str) -> str:
    """The page on which an entry is written or changed."""
    key = _key(entry_id)
    return reverse("diary:edit", args=[key]) if key else reverse("diary:write")


def _entry_named(person: Any, name: str) -> Entry | None:
    key = _key(name)
    return queries.entry_of(person, key) if key and isinstance(person, Person) else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _form(
    request: HttpRequest, person: Person, entry: Entry | None, first: dict[str, Any]
) -> EntryForm:
    initial = dict(first)
    if request.method != "POST":
        initial |= _kept_words(request, person, entry)
    query = f"?{urlencode({'entry': str(entry.pk)})}" if entry else ""
    return EntryForm(
        request.POST if request.method == "POST" else None,
        writer=person,
        relationships=queries.relationships_of(person),
        draft_url=reverse("diary:draft") + query,
        entry=entry,
        initial=initial,
    )


def _kept_words(request: HttpRequest, person: Person, entry: Entry | None) -> dict[str, str]:
    """What was typed and not saved: in a form sent after the session's end, or as a draft."""
    held = given_back(request, person)
    if held:
        messages.warning(
            request,
            "You had been signed out, so your entry was not saved. It is kept below: look it over "
            "and save it.",
        )
        return held
    draft = queries.draft_of(person, entry)
    if draft is None:
        return {}
    messages.info(request, "This is what you had begun to write. It is not saved yet.")
    return {"title": draft.title, "text": draft.text}


def _page(
    request: HttpRequest, person: Person, form: EntryForm, entry: Entry | None, prompt: Prompt
) -> HttpResponse:
    return render(
        request,
        "diary/write.html",
        {"form": form, "entry": entry, "prompt": prompt, "mark": mark_of(person)},
        status=422 if form.errors else 200,
    )
