"""A record that was issued, as its owner sees it."""

from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.cpd import queries, services
from core.cpd.models import Issued
from core.cpd.pages.finding import member, scheme_of_site
from core.kernel.downloads import made_file
from core.kernel.links import absolute


@member_required
@never_cache
@require_safe
def issued(request: HttpRequest, issued_id: UUID) -> HttpResponse:
    """What was issued, its code, and the way to take it back."""
    scheme_of_site()
    found = _own(member(request), issued_id)
    check_url = absolute(reverse("cpd:verify"))
    return render(request, "cpd/issued.html", {"record": found, "check_url": check_url})


@member_required
@never_cache
@require_safe
def paper(request: HttpRequest, issued_id: UUID) -> HttpResponse:
    """The PDF as it was issued."""
    scheme_of_site()
    found = _own(member(request), issued_id)
    try:
        with default_storage.open(found.stored_as) as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    name = f"cpd-{found.first_day}-{found.last_day}.pdf"
    return made_file(content, name=name, content_type="application/pdf")


@member_required
@require_POST
def revoke(request: HttpRequest, issued_id: UUID) -> HttpResponse:
    """Take the record back."""
    scheme_of_site()
    person = member(request)
    found = _own(person, issued_id)
    services.revoke(found, by=person)
    messages.success(request, "Your record is taken back. Its code no longer shows anything.")
    return redirect(found)


def _own(person: Person, issued_id: UUID) -> Issued:
    found = queries.record_of(person, issued_id)
    if found is None:
        raise Http404
    return found
