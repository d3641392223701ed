"""The programme team names the institute's CPD scheme (product E14). Records are not shown here."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from core.accounts.models import Person
from core.cpd import queries, services
from core.cpd.forms import SchemeForm
from core.cpd.rules import Scheme
from core.kernel.staff import staff_site


@staff_site.page("cpd/", "cpd")
@require_http_methods(["GET", "HEAD", "POST"])
def scheme(request: HttpRequest) -> HttpResponse:
    """Name, link, hours and a word to members; without a name there is no record."""
    standing = queries.scheme()
    form = SchemeForm(
        request.POST if request.method == "POST" else None,
        initial=standing.model_dump() if standing else {},
    )
    if form.is_valid() and _set(form, cast(Person, request.user)):
        messages.success(request, "Saved.")
        return redirect("staff:cpd")
    request.current_app = staff_site.name
    return render(
        request,
        "cpd/staff_scheme.html",
        {
            **staff_site.each_context(request),
            "title": "CPD record",
            "form": form,
            "standing": standing,
        },
        status=422 if form.errors else 200,
    )


def _set(form: SchemeForm, member: Person) -> bool:
    data = form.cleaned_data
    if not data["scheme"]:
        services.set_scheme(None, by=member)
        return True
    try:
        wanted = Scheme(
            scheme=data["scheme"],
            link=data["link"] or None,
            hours_target=data["hours_target"],
            note=data["note"],
        )
    except ValidationError as refused:
        for error in refused.errors():
            field = str(error["loc"][0])
            message = (
                "Enter a full address that begins with https://."
                if field == "link"
                else "Check this."
            )
            form.add_error(field, message)
        return False
    services.set_scheme(wanted, by=member)
    return True
