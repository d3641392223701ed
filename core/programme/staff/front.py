"""The front page's texts, and the names and addresses of the programme (product F4)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from core.kernel.errors import Conflict
from core.kernel.staff import staff_site
from core.programme import queries
from core.programme.forms.front import (
    MOST_LINKS,
    MOST_POINTS,
    MOST_STEPS,
    FrontForm,
    IdentityForm,
)
from core.programme.services import settings
from core.programme.staff import shared

NOTES = "programme/staff/problems.html"
AnyForm = FrontForm | IdentityForm


@staff_site.page("front/", "front")
@require_http_methods(["GET", "HEAD", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """Texts of the front page and links of the footer."""
    pages = queries.legal_pages()
    if request.method == "POST":
        return _posted(request, "front", FrontForm(request.POST, pages=pages))
    row = shared.begun(request, "front")
    form = FrontForm(initial=FrontForm.begun_with(row), pages=pages)
    draft = shared.keep(request, settings.values_of("front", row))
    return _editor(request, "front", form, draft=draft)


@staff_site.page("identity/", "identity")
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """Names, contact, the sender and the foot of mails."""
    if request.method == "POST":
        return _posted(request, "identity", IdentityForm(request.POST))
    row = shared.begun(request, "identity")
    form = IdentityForm(initial=IdentityForm.begun_with(row))
    draft = shared.keep(request, settings.values_of("identity", row))
    return _editor(request, "identity", form, draft=draft)


def _posted(request: HttpRequest, kind: str, form: AnyForm) -> HttpResponse:
    if not form.is_valid():
        if shared.is_asked_while_typing(request):
            return shared.told(request, "", NOTES, {"problems": _problems(form)})
        return _editor(request, kind, form, draft="", status=422)
    values = form.values
    if request.POST.get("do") == "preview":
        draft = shared.keep(request, values)
        if shared.is_asked_while_typing(request):
            return shared.told(request, draft, NOTES, {})
        return _editor(request, kind, form, draft=draft)
    try:
        made = settings.put_settings(
            kind, values, by=cast(Any, request.user), seen=shared.number_seen(request)
        )
    except Conflict as conflict:
        messages.error(request, conflict.message)
        return _editor(request, kind, form, draft=shared.keep(request, values), status=409)
    messages.success(
        request,
        f"Everybody reads it so now (version {made.number})." if made else "Nothing was changed.",
    )
    return redirect(f"staff:{kind}")


def _problems(form: AnyForm) -> list[tuple[str, str, str]]:
    return [
        (str(form[name].id_for_label), str(form[name].label), str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]


def _editor(
    request: HttpRequest, kind: str, form: AnyForm, *, draft: str, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "problems": _problems(form) if form.is_bound else []}
    if isinstance(form, FrontForm):
        context |= {
            "plain": [form[name] for name in FrontForm.base_fields],
            "steps": [
                (form[f"step_title_{at}"], form[f"step_text_{at}"]) for at in range(MOST_STEPS)
            ],
            "points": [form[f"point_{at}"] for at in range(MOST_POINTS)],
            "links": [
                [form[f"link_{part}_{at}"] for part in ("label", "page", "url")]
                for at in range(MOST_LINKS)
            ],
        }  # fmt: skip
    else:
        context["plain"] = list(form)
    return shared.page(
        request,
        "programme/staff/front.html",
        "Front page and footer" if kind == "front" else "Names and addresses",
        kind=kind,
        draft=draft,
        status=status,
        kind_url=f"staff:{kind}",
        **context,
    )
