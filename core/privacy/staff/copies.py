"""A copy of what is stored for somebody who asked in writing (product A12).

The team has it made; only the person opens it, so diary and conversations stay theirs alone.
"""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site
from core.privacy.queries import copying as copies
from core.privacy.services import copying


class CopyForm(forms.Form):
    """How the person asked, for the audit trail."""

    how = forms.CharField(
        max_length=200,
        error_messages={"required": "Say how they asked, and when: “letter of 3 March”."},
    )


@staff_site.page("people/<uuid:person_id>/copy/", "data_copy")
@require_http_methods(["GET", "HEAD", "POST"])
def data_copy(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What a copy is, how far it is, and the order."""
    person = get_object_or_404(Person, pk=person_id, support_key=None, erased_at=None)
    form = CopyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            copying.order(person, by=cast(Person, request.user), asked_how=form.cleaned_data["how"])
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "The copy is being made. The member is told by mail.")
        return redirect("staff:data_copy", person.pk)
    made = copies.copy_of(person)
    return staff_page(
        request,
        "privacy/staff/copy.html",
        f"A copy for {person.full_name}",
        status=422 if form.errors else 200,
        person=person,
        form=form,
        export=made if made and made.expires_at > now() else None,
        under_way=copies.under_way(person),
        may_write=staff_site.may(request, "data_copy", Right.WRITE),
    )
