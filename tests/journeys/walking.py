"""Follows an answer as its reader does: opens the pages that it names, looks for every button,
link, tab, heading and label that it names, and goes where these lead.

An answer names things in bold or italics and pages by links. Each name has to stand on a page that
was reached so far: by a link of the answer, by a link or button named before, or by choosing one
of the people, meetings and the like that such a page lists.
"""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db import transaction
from django.test import Client

NAMED = {
    "a", "button", "summary", "label", "legend", "h1", "h2", "h3", "h4", "th", "dt", "option",
}  # fmt: skip
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = {"script", "style", "template"}
START = "/help/contact/"  # has what every page has, and no answers
A_THING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/resources/)[a-z-]+")
MOST_TARGETS = 6
MOST_OF_A_KIND = 4
NEWEST = 10
FILL = "A few honest words, long enough to be of some use to whoever reads them later on."


@dataclass
class Element:
    """A named part of a page."""

    tag: str
    attributes: dict[str, str]
    form: "Form | None" = None
    text: str = ""

    @property
    def name(self) -> str:
        return " ".join(self.text.split()).rstrip(":")

    def is_called(self, name: str) -> bool:
        """Whether people would say that this is the thing of that name."""
        if self.name == name:
            return True
        return self.tag in ("option", "label", "legend") and self.name.startswith(f"{name} ")


@dataclass
class Form:
    """A form with what it would send as it stands, filled in where it is empty."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)


class Parts(HTMLParser):
    """The named parts of a page, without what is only for screen readers or hidden."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[tuple[str, Element | None, bool]] = []
        self._form: Form | None = None
        self._select: str = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
        self._field(tag, given)
        if tag in VOID:
            return
        element = Element(tag, given, self._form) if tag in NAMED else None
        if element is not None:
            self.elements.append(element)
        unseen = tag in UNSEEN or "hidden" in given or "sr-only" in given.get("class", "").split()
        self._open.append((tag, element, unseen))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if self._form is None:
            return
        values = self._form.values
        if tag == "input" and name and kind not in ("submit", "file"):
            if kind in ("radio", "checkbox"):
                if "checked" in given or (kind == "radio" and name not in values):
                    values[name] = given.get("value", "on")
            else:
                values[name] = given.get("value", "") or _filled(name, kind)
        elif tag == "textarea" and name:
            values[name] = FILL
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            first = given["value"] if "selected" in given else values.get(self._select)
            values[self._select] = first or given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""
        while self._open:
            last, _, _ = self._open.pop()
            if last == tag:
                break

    def handle_data(self, data: str) -> None:
        if any(unseen for _, _, unseen in self._open):
            return
        for _, element, _ in self._open:
            if element is not None:
                element.text += data


def _filled(name: str, kind: str) -> str:
    """Something sensible for an empty box."""
    part = name.rpartition("_")[2]
    known = {"day": "14", "month": "6", "year": "2031", "website": ""}
    if part in known:
        return known[part]
    return {
        "email": "somebody@people.example", "time": "10:00", "date": "2031-06-14", "number": "3",
    }.get(kind, "Something to say")  # fmt: skip


@dataclass
class Page:
    """A page that was opened."""

    path: str
    elements: list[Element]

    def called(self, name: str) -> list[Element]:
        return [one for one in self.elements if one.is_called(name)]

    @property
    def things(self) -> list[str]:
        """Where people, meetings, guides and the like are listed; a few of each kind."""
        paths = [one.attributes.get("href", "") for one in self.elements if one.tag == "a"]
        kinds: dict[str, list[str]] = {}
        for path in dict.fromkeys(path for path in paths if A_THING.search(path)):
            kinds.setdefault(A_THING.sub("*", path), []).append(path)
        return [path for some in kinds.values() for path in some[:MOST_OF_A_KIND]]


class Walker:
    """Somebody with a browser; pages are read once as long as nothing was pressed."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._read: dict[str, Page | None] = {}

    def open(self, path: str) -> Page | None:
        """The page behind a path, or None when it does not open."""
        if path not in self._read:
            self._read[path] = _page(path, self.client.get(path, follow=True))
        return self._read[path]

    def follow(self, steps: list[tuple[str, str]]) -> list[str]:
        """What is not there, of steps ("page", path) and ("name", text). Nothing stays changed."""
        before = dict(self._read)
        mark = transaction.savepoint()
        cookies = copy(self.client.cookies)
        try:
            return list(_Trail(self).follow(steps))
        finally:
            self.client.cookies = cookies
            transaction.savepoint_rollback(mark)
            if len(self._read) < len(before):  # something was pressed: pages read since may differ
                self._read = before

    def press(self, button: Element, page: Page) -> Page | None:
        """The page behind a button, its form filled in."""
        form = button.form
        if form is None or form.method != "post":
            return None
        self._read = {}
        values = dict(form.values)
        if button.attributes.get("name"):
            values[button.attributes["name"]] = button.attributes.get("value", "")
        action = button.attributes.get("formaction") or form.action
        target = urljoin(page.path, action) if action else page.path
        return _page(target, self.client.post(target, values, follow=True))


@dataclass
class _Trail:
    """Pages reached so far, newest last, and what was named on them but not followed yet."""

    walker: Walker
    pages: list[Page] = field(default_factory=list)
    pending: list[tuple[Element, Page]] = field(default_factory=list)

    def follow(self, steps: list[tuple[str, str]]) -> Iterator[str]:
        self._reach(START)
        for kind, what in steps:
            if kind == "page":
                if not self._reach(what):
                    yield f"page {what}"
            elif not self._find(what):
                yield what

    def _reach(self, path: str) -> bool:
        page = self.walker.open(path)
        if page is not None:
            self.pages.append(page)
        return page is not None

    def _find(self, name: str) -> bool:
        return (
            self._seen(name)
            or any(self._seen(name) for _ in self._targets())
            or any(self._seen(name) for _ in self._things())
            or any(self._seen(name) for _ in self._pressed())
        )

    def _seen(self, name: str) -> bool:
        for page in reversed(self.pages):
            if found := page.called(name):
                self.pending += [(one, page) for one in found[:MOST_TARGETS]]
                return True
        return False

    def _targets(self) -> Iterator[None]:
        """Go where the links lead that were named, the latest first."""
        for one, page in reversed(self.pending[:]):
            if one.tag == "a" and one.attributes.get("href"):
                self.pending.remove((one, page))
                if self._reach(urljoin(page.path, one.attributes["href"]).partition("#")[0]):
                    found = self.pages[-1]  # where the link "Delete" leads, the button says so too
                    self.pending += [(same, found) for same in found.called(one.name)]
                    yield

    def _things(self) -> Iterator[None]:
        """Choose one of the people, meetings and the like on the newest pages."""
        for page in list(reversed(self.pages))[:NEWEST]:
            for path in page.things:
                if self._reach(path):
                    yield

    def _pressed(self) -> Iterator[None]:
        """Press the buttons that were named, the latest first."""
        for one, page in reversed(self.pending[:]):
            if one.tag == "button":
                self.pending.remove((one, page))
                result = self.walker.press(one, page)
                if result is not None:
                    self.pages.append(result)
                    yield


def _page(path: str, answer: Any) -> Page | None:
    if answer.status_code not in (200, 422) or not answer.headers.get(
        "Content-Type", ""
    ).startswith("text/html"):
        return None
    final = answer.request["PATH_INFO"] if getattr(answer, "redirect_chain", None) else path
    return Page(urlsplit(final).path, Parts(answer.content.decode()).elements)


STEP = re.compile(
    r"\[(?P<text>[^\]]+)\]\((?P<target>[^)]+)\)|\*\*(?P<bold>.+?)\*\*|\*(?P<italic>[^*\n]+)\*"
)


def steps_of(answer: str, addresses: dict[str, str]) -> list[tuple[str, str]]:
    """The steps of an answer in its order. Raises KeyError for a page nobody knows."""
    found = []
    for match in STEP.finditer(answer):
        if target := match["target"]:
            if target.startswith("page:"):
                found.append(("page", addresses[target.removeprefix("page:")]))
            elif target.startswith("/"):
                found.append(("page", target.partition("#")[0]))
        else:
            found.append(("name", " ".join((match["bold"] or match["italic"]).split())))
    return found
