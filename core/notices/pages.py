"""What's new, for members (product F5)."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.accounts.models import Person
from core.notices import queries, services

A_PAGE = 20


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Everything in force for this reader; what is shown counts as read from then on."""
    person = cast(Person, request.user)
    page = Paginator(queries.for_reader(person), A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    new = {row.pk for row in rows} - queries.read_ids(person, rows)
    if request.method == "GET":
        services.mark_read(person, (row for row in rows if row.pk in new))
    return render(request, "notices/list.html", {"page": page, "rows": queries.shown(rows, new)})


@login_required
@require_POST
def dismiss(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Put a notice away; back to where one was."""
    person = cast(Person, request.user)
    notice = queries.one_for(person, notice_id)
    if notice is None:
        raise Http404
    services.mark_read(person, [notice])
    target = request.POST.get("next", "")
    return redirect(
        target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "front"
    )
