"""Requests to be erased: looked at, carried out or refused; receipts; holds (product A11)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site
from core.privacy.forms import CarryOutForm, ReasonForm
from core.privacy.models import Erasure, ErasureRequest, LegalHold
from core.privacy.queries import erasing as queries
from core.privacy.services import asking, holding
from core.privacy.services.erasing.receipt import lines_of, receipt_of, titles_of
from core.privacy.services.erasing.rows import plan
from core.security.permissions import recent_sign_in_required

PER_PAGE = 50
WAYS = {
    "remove": "Removed",
    "blank": "Emptied",
    "unname": "Kept without the name",
    "stay": "Kept",
}


@staff_site.page("erasures/", "erasures")
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """What waits with its clock, holds, and receipts of what was done."""
    return staff_page(
        request,
        "privacy/staff/erasures.html",
        "Erasing people",
        waiting=queries.waiting(),
        holds=LegalHold.objects.filter(ended_at=None).select_related("person", "by"),
        page=Paginator(Erasure.objects.select_related("by"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
    )


@staff_site.page("erasures/<uuid:erasure_request_id>/", "erasure")
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def erasure(request: HttpRequest, erasure_request_id: UUID) -> HttpResponse:
    """What there is and what becomes of it; then it is done as a job, or refused."""
    asked = get_object_or_404(
        ErasureRequest.objects.select_related("person"), pk=erasure_request_id
    )
    by = cast(Person, request.user)
    step = request.POST.get("step", "")
    sure = CarryOutForm(request.POST if step == "erase" else None)
    reason = ReasonForm(request.POST if step == "refuse" else None)
    try:
        if sure.is_valid():
            return redirect(_ordered(asked, by))
        if reason.is_valid():
            asking.refuse(asked, reason=reason.cleaned_data["reason"], by=by)
            messages.success(request, "Refused. The member is told by mail.")
            return redirect("staff:erasures")
    except RuleBroken as broken:
        messages.error(request, broken.message)
    return staff_page(
        request,
        "privacy/staff/erasure.html",
        f"Erase {asked.person.full_name}" if asked.is_waiting else "Asked to be erased",
        status=422 if sure.errors or reason.errors else 200,
        asked=asked,
        obstacle=queries.why_not(asked.person) if asked.is_waiting else "",
        plan=_planned(asked) if asked.is_waiting else [],
        merged=len(queries.accounts_of(asked.person)) - 1,
        sure=sure,
        reason=reason,
        may_write=staff_site.may(request, "erasure", Right.WRITE),
    )  # fmt: skip


@staff_site.page("erasures/receipts/<uuid:erasure_id>/", "erasure_receipt")
@require_safe
def erasure_receipt(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """A receipt; with `as=file` to keep elsewhere."""
    receipt = get_object_or_404(Erasure.objects.select_related("by"), pk=erasure_id)
    if request.GET.get("as") == "file":
        name = f"erasure-{receipt.number}.json"
        return HttpResponse(
            receipt_of(receipt),
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    return staff_page(
        request,
        "privacy/staff/receipt.html",
        f"Receipt {receipt.number}",
        receipt=receipt,
        lines=lines_of(receipt),
    )


@staff_site.page("people/<uuid:person_id>/data/", "person_data")
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def person_data(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A hold on what is stored about somebody, and requests that came by post or telephone."""
    person = get_object_or_404(Person, pk=person_id, support_key=None, erased_at=None)
    by = cast(Person, request.user)
    held = LegalHold.objects.filter(person=person, ended_at=None).select_related("by").first()
    step = request.POST.get("step", "")
    reason = ReasonForm(request.POST if step == "hold" else None)
    try:
        if step == "enter":
            return redirect("staff:erasure", asking.enter(person, by=by).pk)
        if step == "release" and held is not None:
            holding.release(held, by=by)
            messages.success(request, "The hold is ended.")
            return redirect("staff:person_data", person.pk)
        if reason.is_valid():
            holding.hold(person, reason=reason.cleaned_data["reason"], by=by)
            messages.success(request, "Nothing about this person goes until the hold is ended.")
            return redirect("staff:person_data", person.pk)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    return staff_page(
        request,
        "privacy/staff/person.html",
        f"What is stored about {person.full_name}",
        status=422 if reason.errors else 200,
        person=person,
        held=held,
        ended=LegalHold.objects.filter(person=person)
        .exclude(ended_at=None)
        .select_related("by", "ended_by"),
        asked=queries.open_request(person),
        reason=reason,
        may_write=staff_site.may(request, "person_data", Right.WRITE),
    )


def _planned(asked: ErasureRequest) -> list[tuple[str, str, int]]:
    """What, what becomes of it, and how much; what goes first."""
    fates = sorted(
        plan(queries.accounts_of(asked.person)), key=lambda one: list(WAYS).index(one.way)
    )
    titles = titles_of(one.kept for one in fates)
    return [(titles[one.kept.label], WAYS[one.way], one.count) for one in fates]


def _ordered(asked: ErasureRequest, by: Person) -> str:
    """Order the job after one more look; out: the address of its page. Errors: RuleBroken."""
    if not asked.is_waiting:
        raise RuleBroken("This was settled already.")
    if obstacle := queries.why_not(asked.person):
        raise RuleBroken(obstacle)
    if asked.person.pk == by.pk:
        raise RuleBroken("Somebody else on the team has to do this for you.")
    job = jobs.order(
        kind="privacy.erase",
        title="Erasing a member",
        by=by,
        about={"request": str(asked.pk)},
        done_url=reverse("staff:erasures"),
        back_url=reverse("staff:erasure", args=[asked.pk]),
    )
    return job.get_absolute_url()
