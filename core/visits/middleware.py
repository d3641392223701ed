"""Counts visits behind the pages. No cookie of its own, nothing sent to anybody else.

A browser is known by its session where somebody is signed in, and else by a salted hash of its
address, name and languages, kept for half an hour and never written into the database. The salt is
the site's own and does not change with the day: midnight does not split a visit. Guests who share
one address and one kind of browser count as one.
"""

import logging
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from core.kernel.ports import current_site
from core.visits.rules import IN_SESSION, Kind, is_looking_ahead, is_robot, kind_of
from core.visits.services import move, see

log = logging.getLogger(__name__)


class CountVisits:
    """Sees each page that a person was shown. Stands after sign-in and the role in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Out: the page, whatever becomes of the counting."""
        if request.method == "HEAD" or is_robot(request.headers.get("User-Agent", "")):
            return self.get_response(request)
        if getattr(request, "stand_in", None) is not None:  # no stay of the member's own
            return self.get_response(request)
        was = _stay_of_person(request) if request.method == "POST" else None
        response = self.get_response(request)
        if response.status_code >= 400 or is_looking_ahead(request.headers):
            return response
        try:
            self._see(request, response, was)
        except DatabaseError:
            log.exception("a visit was not counted")
        return response

    def _see(self, request: HttpRequest, response: HttpResponse, was: str | None) -> None:
        if was is not None and not request.user.is_authenticated:
            move(stay=was, to=_guest(request))
            return
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return
        may_begin = (
            request.method == "GET"
            and response.status_code == 200
            and ("HX-Request" not in request.headers or "HX-Boosted" in request.headers)
        )
        person = _stay_of_person(request)
        if person is None:
            see(stay=_guest(request), kind=Kind.GUEST, may_begin=may_begin)
        else:
            see(stay=person, kind=_kind(request), may_begin=may_begin, before=_guest(request))


def _stay_of_person(request: HttpRequest) -> str | None:
    """The key of a signed-in stay; None for guests, whose session is not even looked at."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return _hashed("person", str(request.session.get(IN_SESSION, request.session.session_key)))


def _guest(request: HttpRequest) -> str:
    try:
        address = get_adapter().get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        address = ""
    return _hashed(
        "guest",
        address,
        request.headers.get("User-Agent", ""),
        request.headers.get("Accept-Language", ""),
    )


def _hashed(*parts: str) -> str:
    salt = f"visits:{current_site().key}"
    return salted_hmac(salt, "\n".join(parts), algorithm="sha256").hexdigest()[:32]


def _kind(request: HttpRequest) -> Kind:
    person = request.user
    return kind_of(
        is_staff=bool(person.is_staff),
        acting_as=getattr(request, "acting_as", None),
        is_mentor=bool(getattr(person, "is_mentor", False)),
        is_mentee=bool(getattr(person, "is_mentee", False)),
    )
