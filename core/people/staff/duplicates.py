"""Accounts that are perhaps one person's: found, laid side by side, merged (product F4)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.people.queries.duplicates import likely_pairs
from core.people.services.merging import CLOSED, keep_apart, merge, preview
from core.people.staff import frame

PER_PAGE = 50
MOST_PAGES = 200
FOUND = 20


@staff_site.page("people/duplicates/", "duplicates")
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """The likeliest pairs; with `person`, a search for the other account of that one."""
    if "person" in request.GET:
        return _for_one(request)
    asked = request.GET.get("page", "1")
    page = min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdigit() else 1
    page = max(page, 1)
    pairs = likely_pairs(limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    return frame.page(
        request,
        "duplicates",
        "Perhaps one person",
        pairs=pairs[:PER_PAGE],
        page=page,
        more=len(pairs) > PER_PAGE,
    )


def _for_one(request: HttpRequest) -> HttpResponse:
    """Whose other account is looked for by name or address."""
    try:
        kept = get_object_or_404(Person, pk=UUID(request.GET["person"]), support_key=None)
    except ValueError:
        raise Http404 from None
    asked = request.GET.get("q", "").strip()
    found = Person.objects.filter(is_active=True, support_key=None).exclude(pk=kept.pk)
    for word in asked.split()[:4]:
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(username__icontains=word)
        )
    return frame.page(
        request,
        "duplicates_search",
        f"The other account of {kept.full_name}",
        kept=kept,
        asked=asked,
        found=list(found[:FOUND]) if asked else [],
    )


@staff_site.page(
    "people/duplicates/<uuid:kept_person_id>/<uuid:closed_person_id>/", "duplicates_pair"
)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, kept_person_id: UUID, closed_person_id: UUID) -> HttpResponse:
    """Two accounts side by side; POST merges them or says that they are two people."""
    if kept_person_id == closed_person_id:
        raise Http404
    people = Person.objects.filter(support_key=None)
    kept = get_object_or_404(people, pk=kept_person_id)
    closed = get_object_or_404(people, pk=closed_person_id)
    staff = cast(Person, request.user)
    problem, status = "", 200
    if request.method == "POST":
        step = request.POST.get("step", "")
        try:
            if step == "apart":
                keep_apart(kept, closed, by=staff)
                messages.success(request, "They are not proposed again.")
                return redirect("staff:duplicates")
            if step != "merge":
                raise Http404
            if request.POST.get("sure") != "on":
                raise RuleBroken("Tick the box that says what you merge: it cannot be taken back.")
            chosen = {
                name.removeprefix("take-"): value
                for name, value in request.POST.items()
                if name.startswith("take-") and value == CLOSED
            }
            merge(kept, closed, chosen=chosen, by=staff)
        except RuleBroken as broken:
            problem, status = broken.message, int(broken.status)
        else:
            messages.success(
                request,
                f"The two accounts of {kept.full_name} are one now. Both addresses are told.",
            )
            return redirect("staff:accounts_person_change", kept.pk)
    return frame.page(
        request,
        "duplicates_pair",
        f"{kept.full_name} and {closed.full_name}",
        status=status,
        shown=preview(kept, closed, by=staff),
        problem=problem,
        may_merge=staff_site.may(request, "duplicates", Right.WRITE),
        taken={name for name, value in request.POST.items() if value == CLOSED},
    )
