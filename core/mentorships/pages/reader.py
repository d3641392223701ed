"""Who reads the page."""

from typing import Literal, cast

from django.http import Http404, HttpRequest

from core.accounts.models import Person

Side = Literal["mentor", "mentee"]


def reader(request: HttpRequest) -> Person:
    """The signed-in person; raises Http404 where a page was left open to others by mistake."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def acting_as(request: HttpRequest) -> Side | None:
    """The role in force (product A8)."""
    return cast("Side | None", getattr(request, "acting_as", None))
