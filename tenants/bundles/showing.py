"""Pages of an institute as they would be: called within a rehearsal (`tenants.bundles.living`)."""

from base64 import b64encode
from functools import lru_cache
from io import BytesIO
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import get_urlconf, reverse, set_urlconf
from django.utils.html import escape

from core.accounts.models import Person
from core.kernel.ids import new_id
from core.matching.models import Listing
from tenants.hosts import primary_host
from tenants.models import Institute
from tenants.site import base_url
from theming.queries import look

PAGES: Final = {"front": "Front page", "profile": "Profile form", "search": "Search form"}
_NAMES: Final = {"front": "front", "profile": "profiles:edit", "search": "matching:search"}
_MOST_TURNS = 3


def page_of(institute: Institute, page: str) -> str:
    """One of PAGES as HTML that stands on its own.

    The signed-in pages are those of a mentee who was made up for this; no member is shown. Call it
    in a transaction that is rolled back. Raises KeyError for another page.
    """
    Listing.objects.all().delete()
    path = reverse(_NAMES[page], urlconf=settings.ROOT_URLCONF)
    cookie = "" if page == "front" else _somebody()
    before = get_urlconf()
    try:
        for _ in range(_MOST_TURNS):
            response = _handler().get_response(_request(institute, path, cookie))
            path = response.headers.get("Location", "")
            if not path.startswith("/"):
                break
    finally:
        set_urlconf(before)
    assert isinstance(response, HttpResponse)
    return _alone(institute, response.content.decode())


def _somebody() -> str:
    """Sign in a mentee who is nobody; out: the cookie."""
    nobody = new_id().hex
    person = Person.objects.create(
        username=f"preview-{nobody}", email=f"{nobody}@example.org",
        first_name="Robin", last_name="Example", is_mentee=True, is_active=True,
    )  # fmt: skip
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@lru_cache(maxsize=1)
def _handler() -> BaseHandler:
    made = BaseHandler()
    made.load_middleware()
    return made


def _request(institute: Institute, path: str, cookie: str) -> WSGIRequest:
    path, _, query = path.partition("?")
    secure = settings.BASE_SCHEME == "https"
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "preview", "SERVER_PORT": "443" if secure else "80",
            "HTTP_HOST": primary_host(institute), "REMOTE_ADDR": "127.0.0.1",
            "HTTP_USER_AGENT": "preview bot", "HTTP_COOKIE": cookie, "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_X_FORWARDED_PROTO": settings.BASE_SCHEME,
            "wsgi.url_scheme": settings.BASE_SCHEME, "wsgi.input": BytesIO(b""),
        }
    )  # fmt: skip


def _alone(institute: Institute, html: str) -> str:
    """The page with the look that was rehearsed in it: its addresses lead nowhere yet."""
    chosen = look()
    html = html.replace("<head>", f'<head><base href="{escape(base_url(institute))}/">', 1)
    html = html.replace("</head>", f"<style>{chosen.css}</style></head>", 1)
    if not chosen.logo_url:
        return html
    drawing = b64encode(chosen.drawing.encode()).decode()
    return html.replace(chosen.logo_url, f"data:image/svg+xml;base64,{drawing}")
