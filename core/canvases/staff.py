"""Staff design canvases: look, change with a preview, publish a version (product E2, E3).

What members write on them is not on the staff site at all.
"""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Person
from core.canvases import queries, services
from core.canvases.forms import PLACES, Draft, draft_in, draft_of, new_key
from core.canvases.rules import COLUMNS, MOST_BOXES, ROWS, Design
from core.kernel.staff import staff_page, staff_site
from core.programme.models import Edition
from core.programme.queries import current
from core.programme.rules import TOOL_ITEMS

BLANK: dict[str, str] = {"key": "", "label": "", "guidance": "", **dict.fromkeys(PLACES, "1")}


@staff_site.page("canvases/", "canvases")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The designs: in force with their version, and those that are no longer used."""
    in_menu = current().menus.tools.items
    return staff_page(
        request,
        "canvases/staff/list.html",
        "Canvases",
        rows=[
            {
                "edition": edition,
                "design": Design.model_validate(edition.document),
                "in_menu": edition.key in in_menu,
                "begun": begun,
            }
            for edition, begun in queries.latest_editions()
        ],
        menu=current().menus.tools.label,
    )


@staff_site.page("canvases/<slug:key>/", "canvas")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Write the next version of a design."""
    standing = queries.latest_edition(key)
    if standing is None:
        raise Http404
    if request.method != "POST":
        draft = draft_of(Design.model_validate(standing.document))
        return _editor(request, draft, standing=standing)
    return _step(request, key, standing)


@staff_site.page("new-canvas/", "canvas_new")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Design a canvas of the institute's own."""
    if request.method != "POST":
        return _editor(request, Draft("", "", []))
    return _step(request, "", None)


@staff_site.page("canvases/<slug:key>/retire/", "canvas_retire")
@require_POST
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take a design out of use; sheets that were begun stay with those who began them."""
    edition = queries.edition(key)
    if edition is None:
        raise Http404
    services.retire_design(edition, by=cast(Person, request.user))
    messages.success(request, "Nobody can begin this canvas any more. Sheets already begun stay.")
    return redirect("staff:canvases")


def _step(request: HttpRequest, key: str, standing: Edition | None) -> HttpResponse:
    draft = draft_in(request.POST)
    if request.POST.get("do") != "publish":
        return _editor(request, draft, standing=standing)
    if problems := draft.problems():
        return _editor(request, draft, standing=standing, problems=problems, status=422)
    if standing is not None and request.POST.get("seen") != str(standing.number):
        messages.error(
            request,
            f"Somebody published version {standing.number} while you were writing. Yours stands "
            "below: publish it to put it in the place of theirs.",
        )
        return _editor(request, draft, standing=standing, status=409)
    name = key or new_key(draft.label, {*TOOL_ITEMS, *queries.keys_ever()})
    member = cast(Person, request.user)
    made = services.publish_design(name, draft.design(), by=member)
    messages.success(
        request,
        f"Version {made.number} of {draft.label} is in force. Sheets already begun keep theirs.",
    )
    return redirect("staff:canvases")


def _editor(
    request: HttpRequest,
    draft: Draft,
    *,
    standing: Edition | None = None,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = request.method == "POST"
    if problems is None:
        problems = draft.problems() if asked else []
    free = max(0, MOST_BOXES - len(draft.boxes))
    rows = draft.boxes + [BLANK] * min(free, 2 if draft.boxes else 4)
    wrong: dict[str, str] = {}
    for name, message in problems:
        wrong.setdefault(name, message)
    return staff_page(
        request,
        "canvases/staff/design.html",
        draft.label or "A new canvas",
        status=status,
        standing=standing,
        draft=draft,
        problems=problems,
        wrong_label=wrong.get("label", ""),
        wrong_introduction=wrong.get("introduction", ""),
        rows=[
            {
                **row,
                "at": at,
                "wrong_label": wrong.get(f"label-{at}", ""),
                "wrong_guidance": wrong.get(f"guidance-{at}", ""),
            }
            for at, row in enumerate(rows)
        ],
        columns=[str(number) for number in range(1, COLUMNS + 1)],
        lines=[str(number) for number in range(1, ROWS + 1)],
        preview=draft.design() if draft.boxes and not draft.problems() else None,
    )
