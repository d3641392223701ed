"""Invite one person, and see what became of invitations."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.staff import staff_site
from core.people import queries
from core.people.forms import InviteForm
from core.people.models import Invitation
from core.people.services import invitations as services
from core.people.staff.frame import PER_PAGE, may_write, page, query_without_page


@staff_site.page("invitations/", "invitations")
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """The form, and the invitations with their states; posting invites, resends, withdraws."""
    member = cast(Person, request.user)
    if request.method == "POST" and "step" in request.POST:
        _step(request, member)
        return redirect("staff:invitations")
    sent = request.POST if request.method == "POST" else None
    form = InviteForm(sent, may_staff=member.is_superuser)
    if form.is_valid():
        try:
            made = services.invite(by=member, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            messages.success(request, f"{made.full_name} is invited: the mail is on its way.")
            return redirect("staff:invitations")
    state = request.GET.get("state", "")
    text = request.GET.get("text", "")[:120]
    found = queries.invitations(state=state if state in queries.STATES else "", text=text)
    return page(
        request,
        "invitations",
        "Invitations",
        status=422 if form.errors else 200,
        form=form,
        may_write=may_write(request, "invitations"),
        may_import=may_write(request, "people_import"),
        rows=Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        states=queries.STATES,
        state=state,
        text=text,
        query=query_without_page(request),
    )


def _step(request: HttpRequest, member: Person) -> None:
    step, _, key = request.POST["step"].partition(":")
    try:
        invitation = Invitation.objects.filter(pk=UUID(key)).first()
    except ValueError:
        invitation = None
    if invitation is None or step not in ("resend", "withdraw"):
        raise Http404
    try:
        if step == "resend":
            services.resend(invitation, by=member)
            messages.success(request, f"The invitation to {invitation.email} is on its way again.")
        else:
            services.withdraw(invitation, by=member)
            messages.success(
                request, f"The invitation to {invitation.email} is withdrawn. Nobody is told."
            )
    except RuleBroken as broken:
        messages.error(request, broken.message)
