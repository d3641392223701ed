"""The institute's words and the menus of relationship cards on the staff site (product F4, D2)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from core.kernel.errors import Conflict
from core.kernel.staff import staff_site
from core.programme import queries
from core.programme.forms import words as forms
from core.programme.forms.words import Item, WordsForm
from core.programme.models import Programme
from core.programme.rules import CANVAS_ITEMS, CANVAS_KIND, TOOL_ITEMS, WORD_KEYS
from core.programme.services import settings
from core.programme.staff import shared

KIND = "words"
TITLE = "Words and menus"


@staff_site.page("words/", "words")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """The editor; posting with `do=save` puts words and menus in force, other buttons redraw."""
    tools, details = known_tools(), forms.known_details()
    if request.method != "POST":
        row = shared.begun(request, KIND)
        form = WordsForm(initial=WordsForm.begun_with(row.words, row.menus))
        draft = shared.keep(request, settings.values_of(KIND, row))
        lists = _lists(row, tools, details)
        return _editor(request, form, lists, draft=draft, row=row)
    step = request.POST.get("do", "save")
    form = WordsForm(request.POST)
    lists = (
        forms.posted_items("tools", request.POST, tools, step),
        forms.posted_items("details", request.POST, details, step),
    )
    flaws = forms.flaws(lists[0])
    if not form.is_valid() or flaws:
        if shared.is_asked_while_typing(request):
            notes = {"problems": _problems(form, lists[0])}
            return shared.told(request, "", "programme/staff/words_notes.html", notes)
        return _editor(request, form, lists, draft="", status=422)
    values = {"words_data": form.words_data, "menus_data": forms.menus_data(form, *lists)}
    row = settings.with_values(queries.current(), values)
    if step != "save":
        draft = shared.keep(request, values)
        if shared.is_asked_while_typing(request):
            return shared.told(request, draft, "programme/staff/words_notes.html", _notes(row))
        return _editor(request, form, lists, draft=draft, row=row)
    try:
        made = settings.put_settings(
            KIND, values, by=cast(Any, request.user), seen=shared.number_seen(request)
        )
    except Conflict as conflict:
        messages.error(request, conflict.message)
        draft = shared.keep(request, values)
        return _editor(request, form, lists, draft=draft, row=row, status=409)
    messages.success(
        request,
        f"Everybody reads these words now (version {made.number})."
        if made
        else "Nothing was changed.",
    )
    return redirect("staff:words")


def known_tools() -> dict[str, str]:
    """What can stand in the menu of tools: the product's, and every canvas in force."""
    canvases = {
        key: str(row.document.get("label", key))
        for key, row in queries.editions(CANVAS_KIND).items()
    }
    plain = {key: forms.NAMES[key] for key in TOOL_ITEMS if key not in CANVAS_ITEMS}
    return {**plain, **canvases}


def _lists(
    row: Programme, tools: dict[str, str], details: dict[str, str]
) -> tuple[list[Item], list[Item]]:
    menus = row.menus
    return forms.items_of("tools", menus, tools), forms.items_of("details", menus, details)


def _problems(form: WordsForm, tools: list[Item]) -> list[tuple[str, str, str]]:
    found = [
        (str(form[name].id_for_label), _place(name), str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]
    names = {item.key: item.label for item in tools}
    wrong = forms.flaws(tools).items()
    return found + [(f"tools-{key}", names[key], text) for key, text in wrong]


def _place(name: str) -> str:
    key, _, form = name.rpartition("_")
    if key not in forms.MEANINGS:
        return "Menu"
    return f"{forms.MEANINGS[key]}, {'several' if form == 'plural' else 'one'}"


def _notes(row: Programme) -> dict[str, Any]:
    """Sentences in these words, and what looks odd."""
    with queries.shown_as(row):
        spoken = queries.placeholders()
    labels = known_tools()
    menus = row.menus
    return {
        "spoken": spoken,
        "doubts": forms.doubts(row.words),
        "menus": menus,
        "tools": [menus.tools.names.get(key, labels.get(key, key)) for key in menus.tools.items],
    }


def _editor(
    request: HttpRequest,
    form: WordsForm,
    lists: tuple[list[Item], list[Item]],
    *,
    draft: str,
    row: Programme | None = None,
    status: int = 200,
) -> HttpResponse:
    notes = _notes(row) if row else {"problems": _problems(form, lists[0])}
    return shared.page(
        request,
        "programme/staff/words.html",
        TITLE,
        kind=KIND,
        draft=draft,
        status=status,
        form=form,
        nouns=[
            (forms.MEANINGS[key], [form[f"{key}_{part}"] for part in ("singular", "plural")],
             form[f"{key}_article"])
            for key in WORD_KEYS
        ],
        lists=[
            {"name": "tools", "label": form["tools_label"], "items": lists[0], "renames": True},
            {"name": "details", "label": form["details_label"], "items": lists[1]},
        ],
        flaws=forms.flaws(lists[0]),
        **notes,
    )  # fmt: skip
