"""Reading one's diary: by time, by theme, by search (product E13)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.diary import permissions, queries, rules
from core.diary.models import Entry
from core.diary.pages.finding import entry_of, reader
from core.diary.pages.selecting import Selection, selection
from core.diary.rules import Prompt
from core.kernel.text import render_markdown

ENTRIES_A_PAGE = 20


@member_required
@never_cache
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The diary by months; `?theme=`, `?month=`, `?about=` and `?q=` choose from it."""
    person = reader(request)
    chosen = selection(request.GET, person)
    page = Paginator(chosen.rows, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "diary/list.html",
        {
            "page": page,
            "groups": _by_month(list(page.object_list), chosen),
            "chosen": chosen,
            "months": queries.months_of(person),
            "themes": queries.themes_of(person),
            "by_theme": request.GET.get("by") == "theme" and not chosen,
            "may_write": permissions.may_write(person),
            "deleted": _just_deleted(person, request.GET.get("deleted", "")),
            "limits": rules,
            "longest": f"{rules.TEXT_LENGTH:,}",
            "most": f"{rules.ENTRIES:,}",
        },
    )


@member_required
@never_cache
@require_safe
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry."""
    person = reader(request)
    found = entry_of(person, entry_id)
    return render(
        request,
        "diary/entry.html",
        {
            "entry": found,
            "body": render_markdown(found.text) if found.is_markdown else None,
            "prompt_url": address_of(found.prompt),
            "partner": _partner(found, person),
            "saved": "saved" in request.GET,
        },
    )


def address_of(prompt: Prompt) -> str:
    """The page of what an entry was written after, where its key alone leads there."""
    try:
        if prompt.kind == "guide":
            return reverse("resources:guide", args=[prompt.key])
        if prompt.kind == "meeting":
            return reverse("meetings:detail", args=[UUID(prompt.key)])
    except (NoReverseMatch, ValueError):
        pass
    return ""


def _by_month(rows: list[Entry], chosen: Selection) -> list[tuple[date | None, list[Any]]]:
    """Entries under their months; what was searched for stands in the order of its rank."""
    if chosen.asked:
        for row in rows:
            row.marked = queries.marked(row.line)  # type: ignore[attr-defined]
        return [(None, rows)] if rows else []
    groups: dict[date, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.written_on.replace(day=1), []).append(row)
    return list(groups.items())


def _partner(found: Entry, person: Person) -> Person | None:
    two = found.mentorship
    if two is None:
        return None
    return two.mentee if person.pk == two.mentor_id else two.mentor


def _just_deleted(person: Person, key: str) -> Entry | None:
    try:
        return queries.deleted_of(person, UUID(key))
    except ValueError:
        return None
