"""Nothing that people or programs type into any box of any page ends in a fault of ours.

Everybody walks the site; each form that they meet is sent again and again, one box at a time filled
with something odd, and each address is asked for with odd words behind it. Nothing stays changed.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from core.accounts.models import Person
from tenants.models import Institute
from tests.journeys.reading import walk

pytestmark = [pytest.mark.django_db, pytest.mark.drill]

Inside = Callable[[Institute], AbstractContextManager[Institute]]
ODD = (
    "", "a\x00b", "\udcff", "\U0001f469\u200d\u202e\u0301" * 50, "x" * 70_000, "-1", "1e999",
    "9" * 30, "2026-02-31", "10000-01-01", "25:61", '{"a": [null]}',
    "00000000-0000-0000-0000-000000000000", "../../etc/passwd", "http://[::1", "\r\nX: y",
)  # fmt: skip
FILES = (("odd.csv", b"\xff\xfe\x00,\x00\n\x00"), ("empty.png", b""), ("a\u202e.pdf", b"%PDF-"))
QUESTIONS = ("page", "p", "q", "o", "next", "tab")
MOST_PAGES = 250


@dataclass
class Form:
    """A form with what it would send as it stands."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    @property
    def kind(self) -> tuple[Any, ...]:
        """The same for forms that differ by keys alone."""
        path = urlsplit(self.action).path.split("/")
        place = "/".join("*" if len(part) == 36 else part for part in path)
        return place, self.method, *sorted(self.values), *sorted(self.files)


class Forms(HTMLParser):
    """The forms of a page; boxes outside that belong to one by its id count too."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._select: tuple[Form, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self._by_id[given.get("id", "")] = self._open
            self.forms.append(self._open)
            return
        form = self._by_id.get(given["form"]) if "form" in given else self._open
        name = given.get("name", "")
        if tag == "option" and self._select is not None:
            into, name = self._select
            held = into.values[name]
            if "selected" in given or not held:
                held[:] = [given.get("value", "")]
        elif form is None or not name:
            return
        elif given.get("type") == "file":
            form.files.add(name)
        elif tag == "select":
            self._select = form, name
            form.values.setdefault(name, [])
        elif tag in ("input", "textarea", "button"):
            held = form.values.setdefault(name, [])
            unticked = given.get("type") in ("radio", "checkbox") and "checked" not in given
            if tag != "button" and (not unticked or not held):
                held.append(given.get("value", "on" if unticked else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = None


@pytest.mark.parametrize("who", ["guest", "mentee", "mentor", "staff"])
def test_odd_words_in_every_box_are_answered_and_change_nothing(
    who: str,
    peopled_copy: None,
    ciltuk: Institute,
    inside: Inside,
    member_client: Any,
    settings: Any,
) -> None:
    settings.HOST_MEMORY_SECONDS = 3600
    with inside(ciltuk):
        person = None if who == "guest" else Person.objects.get(username=who)
        client = member_client(ciltuk, person)
        pages = [
            path for path, _ in walk(client, "/staff/" if who == "staff" else "/", most=MOST_PAGES)
        ]
        client.raise_request_exception = False
        crawl = Crawl(client)
        for path in pages:
            crawl.visit(path)
    print(f"{who}: {len(pages)} pages, {len(crawl.kinds)} forms, {crawl.sent} odd things sent")  # noqa: T201
    assert not crawl.faults, "\n".join(f"{count} × {what}" for what, count in crawl.faults.items())
    assert len(crawl.kinds) > 3


@dataclass
class Crawl:
    """Somebody who fills boxes with odd things, and what broke."""

    client: Client
    kinds: set[tuple[Any, ...]] = field(default_factory=set)
    asked: set[tuple[str, ...]] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    sent: int = 0

    def visit(self, path: str) -> None:
        """Try all that stands on a page and was not met before."""
        answer = self.client.get(path, follow=True)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            return
        here = answer.request["PATH_INFO"]
        self._ask(here, [name for name, _ in parse_qsl(urlsplit(path).query)])
        for form in Forms(answer.content.decode()).forms:
            form.action = urljoin(here, form.action or here)
            if urlsplit(form.action).netloc or form.kind in self.kinds:
                continue
            self.kinds.add(form.kind)
            if form.method == "get":
                self._ask(urlsplit(form.action).path, list(form.values))
            elif "logout" not in form.action:
                self._send(form)

    def _ask(self, path: str, names: list[str]) -> None:
        for name in {*names, *QUESTIONS}:
            kind = Form(path, "get", {name: []}).kind
            if kind in self.asked:
                continue
            self.asked.add(kind)
            for odd in ODD:
                query = urlencode({name: odd}, errors="surrogateescape")
                self._try(f"GET {path}?{name}=", odd, partial(self.client.get, f"{path}?{query}"))

    def _send(self, form: Form) -> None:
        for name in form.values.keys() - {"csrfmiddlewaretoken"}:
            others = {key: value for key, value in form.values.items() if key != name}
            self._post(form.action, name, "nothing", others)
            for odd in ODD:
                self._post(form.action, name, odd, {**others, name: [as_sent(odd)]})
        for name in form.files:
            for title, content in FILES:
                file = SimpleUploadedFile(title, content)
                self._post(form.action, name, title, {**form.values, name: file})

    def _post(self, path: str, name: str, odd: str, values: dict[str, Any]) -> None:
        self._try(f"POST {path} {name}=", odd, partial(self.client.post, path, values))

    def _try(self, where: str, odd: str, send: Callable[[], Any]) -> None:
        self.sent += 1
        with taken_back(self.client):
            answer = send()
        if answer.status_code >= 500:
            fault = getattr(answer, "exc_info", (None, None))[1]
            self.faults[f"{where}{odd[:20]!r}: {answer.status_code} {fault!r}"] += 1


def as_sent(odd: str) -> bytes:
    """The bytes of a box; half a letter is not even UTF-8."""
    return odd.encode("utf-8", "surrogateescape")


@contextmanager
def taken_back(client: Client) -> Iterator[None]:
    """Whatever a try does to the database, the cookies or the limits is undone."""
    cookies = copy(client.cookies)
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]  # a durable block may be inside
    try:
        with atomic:
            yield
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
        caches["default"].clear()
