"""Signing in as a member, and who stood in for whom, on the staff site (product F4, F6)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site
from core.security import queries, services
from core.security.forms import StandInForm
from core.security.models import StandIn
from core.security.permissions import (
    may_be_stood_in_for,
    may_stand_in,
    recent_sign_in_required,
)
from core.security.rules import STAFF_MINUTES

PER_PAGE = 50


@staff_site.page("people/<uuid:person_id>/sign-in-as/", "sign_in_as")
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def sign_in_as(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Say why, then be the member for half an hour. Asks for the password again first."""
    staff = cast(Person, request.user)
    if not may_stand_in(staff):
        raise PermissionDenied
    member = get_object_or_404(Person, pk=person_id, support_key=None)
    form = StandInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            begun = services.begin_standing_in(member, by=staff, reason=form.cleaned_data["reason"])
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            services.take_up(request.session, begun)
            return redirect("front")
    return staff_page(
        request,
        "security/staff/sign_in_as.html",
        f"Sign in as {member.full_name}",
        status=422 if form.errors else 200,
        form=form,
        member=member,
        possible=may_be_stood_in_for(member) and member.pk != staff.pk,
        minutes=STAFF_MINUTES,
    )


@staff_site.page("stand-ins/", "support_visits")
@require_http_methods(["GET", "HEAD", "POST"])
def support_visits(request: HttpRequest) -> HttpResponse:
    """Visits of the platform's operators and sign-ins of the team as members; POST ends one."""
    if request.method == "POST":
        try:
            found = get_object_or_404(StandIn, pk=UUID(request.POST.get("end", "")))
        except ValueError:
            raise Http404 from None
        ended = services.end_stand_in(found, by=cast(Person, request.user))
        messages.success(request, "Ended." if ended else "It was over already.")
        return redirect(request.get_full_path())
    of_staff = request.GET.get("of") == "team"
    rows = queries.stand_ins_of_staff() if of_staff else queries.support_visits()
    return staff_page(
        request,
        "security/staff/stand_ins.html",
        "Who stood in for whom",
        page=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        of_staff=of_staff,
        may_end=staff_site.may(request, "support_visits", Right.WRITE),
    )
