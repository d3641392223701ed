"""What the editors of words, texts and names have in common: drafts, versions, previews."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from core.kernel import previews
from core.kernel.models import AuditEntry
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.programme import queries
from core.programme.models import Edition, Programme
from core.programme.services import settings

WHAT = "programme"
MOST_VERSIONS = 40
SHOWN_FIRST = {"words": "member", "identity": "mail"}


@staff_site.page("words/preview/", "words_preview")
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """A page in unsaved words, texts and names: `?draft=`, `?show=`."""
    values = previews.kept(_who(request), WHAT, request.GET.get("draft", ""))
    row = queries.current()
    if values:
        row = settings.with_values(row, values)
    with queries.shown_as(row):
        return previews.drawn(request, previews.sample(request.GET.get("show", "")), programme=row)


def keep(request: HttpRequest, values: dict[str, Any]) -> str:
    """Keep a draft. Out: its key."""
    return previews.keep(_who(request), WHAT, values)


def begun(request: HttpRequest, kind: str) -> Programme:
    """The settings that an editor opens with: those in force, or `?version=` of them."""
    row, number = queries.current(), request.GET.get("version", "")
    if not number:
        return row
    found = Edition.objects.filter(kind=kind, key=kind)
    version = (
        found.filter(number=int(number)).first() if number.isdecimal() and len(number) < 9 else None
    )
    if version is None:
        raise Http404
    return settings.with_values(row, version.document)


def seen(kind: str) -> int:
    """The number of the version in force; 0 before the first change."""
    standing = queries.edition(kind, kind)
    return standing.number if standing else 0


def told(request: HttpRequest, draft: str, template: str, notes: dict[str, Any]) -> HttpResponse:
    """The answer to a script that asks while somebody types."""
    return JsonResponse({"draft": draft, "kept": draft, "notes": render_to_string(template, notes)})


def is_asked_while_typing(request: HttpRequest) -> bool:
    """Whether a script asks for a preview."""
    return "X-Preview" in request.headers


def number_seen(request: HttpRequest) -> int:
    """The version that the form was opened with."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def page(
    request: HttpRequest,
    template: str,
    title: str,
    *,
    kind: str,
    draft: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """An editor with its frames and its versions."""
    asked = request.POST if request.method == "POST" else request.GET
    rows = list(Edition.objects.filter(kind=kind, key=kind).order_by("-number")[:MOST_VERSIONS])
    authors = dict(
        AuditEntry.objects.filter(
            verb=f"{kind}.published",
            thing_type=Edition._meta.label,
            thing_id__in=[str(row.pk) for row in rows],
        ).values_list("thing_id", "actor_name")
    )
    latest = rows[0].number if rows else 0
    request.current_app = staff_site.name
    response = render(
        request,
        template,
        {
            **staff_site.each_context(request),
            "title": title,
            "draft": draft,
            "samples": previews.samples(),
            "show": previews.sample(asked.get("show", SHOWN_FIRST.get(kind, ""))),
            "width": "phone" if asked.get("width") == "phone" else "desktop",
            "seen": latest if status == 409 else asked.get("seen", latest),
            "version": request.GET.get("version", ""),
            "versions": [(row, authors.get(str(row.pk), "")) for row in rows],
            "latest": latest,
            "may_save": staff_site.may(request, kind, Right.WRITE),
            **context,
        },
        status=status,
    )
    return previews.with_frames(response)


def _who(request: HttpRequest) -> Any:
    return cast(Any, request.user).pk
