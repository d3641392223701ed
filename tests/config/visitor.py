"""A browser without pictures: cookies of several sites, redirects from one to the other, forms."""

import http.client
import re
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

HOPS = 12
Cookies = dict[str, dict[str, str]]


class Visitor:
    """Somebody who goes from site to site; every site is on this machine."""

    def __init__(self) -> None:
        self.cookies: Cookies = {}
        self.url = ""
        self.status = 0
        self.page = ""

    def open(self, url: str, form: dict[str, str] | None = None) -> str:
        """Ask for a page, or send a form, and follow to where it leads. Out: the page there."""
        self.url = urljoin(self.url, url)
        for _ in range(HOPS):
            further = self._ask(form)
            if further is None:
                return self.page
            self.url, form = urljoin(self.url, further), None
        raise AssertionError(f"{self.url} leads in a circle")

    def send(self, path: str, **fields: str) -> str:
        """Send the form of this page, with its token. Out: the page that comes of it."""
        names = r'name="(csrfmiddlewaretoken|next)" value="([^"]*)"'
        hidden = {name: unescape(value) for name, value in re.findall(names, self.page)}
        return self.open(path, {**hidden, **fields})

    def sees(self, words: str) -> bool:
        """Whether the page has these words."""
        return words in unescape(re.sub(r"\s+", " ", self.page))

    def _ask(self, form: dict[str, str] | None) -> str | None:
        where = urlsplit(self.url)
        assert where.hostname is not None
        assert where.hostname.endswith(".localhost"), self.url
        own = self.cookies.setdefault(where.netloc, {})
        headers = {
            "Host": where.netloc,
            "Cookie": "; ".join(f"{name}={value}" for name, value in own.items()),
        }
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{where.netloc}"
        line = http.client.HTTPConnection("127.0.0.1", where.port, timeout=30)
        try:
            path = f"{where.path or '/'}{'?' if where.query else ''}{where.query}"
            body = None if form is None else urlencode(form)
            line.request("GET" if form is None else "POST", path, body, headers)
            answer = line.getresponse()
            self.status, self.page = answer.status, answer.read().decode(errors="replace")
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            own[name] = value
        return answer.headers["Location"] if 300 <= answer.status < 400 else None
