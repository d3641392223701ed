"""Accounts are closed for a reason, one or many, and opened again (product F4)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts import services
from core.accounts.forms import CloseAccountsForm
from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.staff import staff_site

MOST = 100
LIST = "staff:accounts_person_changelist"


@staff_site.page("people/deactivate/", "deactivate")
@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: HttpRequest) -> HttpResponse:
    """What happens to whom (`?person=…&person=…`), the reason, and then it is done."""
    people = _chosen(request)
    if not people:
        messages.info(request, "Choose people whose accounts are open.")
        return redirect(LIST)
    form = CloseAccountsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            closed = services.deactivate(
                people,
                reason=form.cleaned_data["reason"],
                leave=form.cleaned_data["leave"] == "yes",
                by=cast(Person, request.user),
            )
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            count = len(closed)
            messages.success(
                request, "1 account is closed." if count == 1 else f"{count} accounts are closed."
            )
            if len(people) == 1:
                return redirect("staff:accounts_person_change", people[0].pk)
            return redirect(LIST)
    request.current_app = staff_site.name
    one = people[0].full_name if len(people) == 1 else f"{len(people)} people"
    context = {
        **staff_site.each_context(request),
        "title": f"Close the account of {one}",
        "people": people,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/staff/deactivate.html", context, status=status)


@staff_site.page("people/<uuid:person_id>/reactivate/", "reactivate")
@require_POST
def reactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Let somebody in again; what ended stays ended."""
    person = get_object_or_404(Person, pk=person_id, support_key=None)
    staff = cast(Person, request.user)
    try:
        if (person.is_staff or person.is_superuser) and not staff.is_superuser:
            raise RuleBroken("Only the head of the team opens an account of the team again.")
        services.set_active(person, True, by=staff)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, f"{person.full_name} can sign in again.")
    return redirect("staff:accounts_person_change", person.pk)


def _chosen(request: HttpRequest) -> list[Person]:
    keys = set()
    for text in request.GET.getlist("person")[:MOST]:
        try:
            keys.add(UUID(text))
        except ValueError:
            continue
    return list(Person.objects.filter(pk__in=keys, is_active=True, support_key=None))
