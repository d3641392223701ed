"""Reading a site as a person does: following links, and taking in every word shown or spoken."""

from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client

SPOKEN = {"aria-label", "title", "alt", "placeholder", "content"}
UNSEEN = {"script", "style"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
ICONS = "material-symbols-outlined"  # drawn by the names of their signs, which nobody reads
LEADS_AWAY = ("/account/logout/", "/brand/", "/static/", "/files/")


class Reader(HTMLParser):
    """Collects the words and the links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._unseen: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._unseen.append(tag in UNSEEN or ICONS in (dict(attrs).get("class") or ""))
        for name, value in attrs:
            if value and (name in SPOKEN or (tag in {"input", "button"} and name == "value")):
                self.words.append(value)
            if value and tag == "a" and name == "href":
                self.links.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._unseen:
            self._unseen.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._unseen):
            self.words.append(data)

    @property
    def text(self) -> str:
        """All words of the page."""
        return " ".join(" ".join(self.words).split())


def walk(client: Client, start: str, *, most: int) -> Iterator[tuple[str, Reader]]:
    """(path, page) of up to `most` pages that links lead to, nearest first."""
    seen, waiting = {start}, deque([start])
    kinds: dict[str, int] = {}
    while waiting and most:
        path = waiting.popleft()
        answer = client.get(path, follow=True)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        assert answer.status_code == 200, (path, answer.status_code)
        page = Reader(answer.content.decode())
        most -= 1
        yield path, page
        for link in page.links:
            target = urldefrag(urljoin(path, link)).url
            leads_out = urlsplit(target).scheme or urlsplit(target).netloc
            if leads_out or target in seen or target.startswith(LEADS_AWAY):
                continue
            kind = _kind(target)
            if kinds.get(kind, 0) < 3:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(target)
                waiting.append(target)


def _kind(path: str) -> str:
    """Pages that differ by a key alone are of one kind: three of each are enough."""
    parts = urlsplit(path).path.split("/")
    return "/".join("*" if len(part) == 36 else part for part in parts)
