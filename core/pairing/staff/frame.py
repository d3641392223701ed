"""What all pages of runs share."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from core.accounts.models import Person
from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site
from core.pairing import queries
from core.pairing.models import Pool

WAY = "pairing"


def member(request: HttpRequest) -> Person:
    """Who of the team is here."""
    return cast(Person, request.user)


def may(request: HttpRequest) -> bool:
    """Whether this member may change runs; buttons are drawn for nobody else."""
    return staff_site.may(request, WAY, Right.WRITE)


def known(pool_id: UUID) -> Pool:
    """A run of this institute; raises Http404."""
    pool = queries.pool_of(pool_id)
    if pool is None:
        raise Http404
    return pool


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the staff site."""
    shown = {"may": may(request), **context}
    return staff_page(request, template, title, status=status, **shown)
