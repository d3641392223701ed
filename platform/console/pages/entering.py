"""Entering an institute: only with a reason, for a while, seen by its staff."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from console.forms.care import EnterForm
from console.pages.found import asked, institute_or_404
from console.permissions import operator_of, operators_only
from console.queries import institute_with_key
from console.services import enter as open_visit
from console.services import vouch
from core.kernel.errors import RuleBroken
from tenants.errors import TenancyError


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a visit; the answer shows a link that works once."""
    institute = institute_or_404(slug)
    form = EnterForm(request.POST or None, initial={"minutes": 30, "rights": "read"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            link, visit = open_visit(
                institute,
                reason=given["reason"],
                minutes=given["minutes"],
                may_change=given["rights"] == "change",
                by=operator_of(request),
            )
        except (RuleBroken, TenancyError) as refusal:
            form.add_error("reason", str(refusal))
        else:
            # A link, for a form that leads to another host is stopped by the policy of this site.
            context = {"institute": institute, "link": link, "visit": visit}
            return render(request, "console/entered.html", context)
    return asked(
        request,
        institute,
        form,
        title=f"Enter {institute.name}",
        lede="The institute’s staff see who was there, when and why, and everything done.",
        button="Ask for a link",
    )


@operators_only
@require_safe
def visit_again(request: HttpRequest, site_key: str, stand_in_id: UUID) -> HttpResponse:
    """The way back to a visit for an operator who has just shown who they are."""
    institute = institute_with_key(site_key)
    if institute is None:
        raise Http404
    try:
        link = vouch(institute, stand_in_id, by=operator_of(request))
    except RuleBroken:
        raise Http404 from None
    return render(request, "console/visit_again.html", {"institute": institute, "link": link})
