"""A society that is slow, comes and goes, changes its keys, or tells of everybody at once.

Members sign in with it at one institute, while others walk pages of another: theirs stay quick.
"""

import http.client
import json
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from tests.browser.site import Site, running_on
from tests.database import files_of, lent
from tests.drills.moody import Moody, provider

pytestmark = pytest.mark.drill

AT_ONCE = 20
PUSHED, PUSHERS, SECONDS = 5_000, 4, 150.0
HOME, ELSEWHERE = "ciltuk", "guided"
PAGES = ("/relationships/", "/account/edit/", "/help/", "/profile/")
SLOWEST = 5.0
"""Seconds that a page elsewhere may take on a busy machine; the provider takes nine."""


@dataclass
class Browser:
    """Somebody with cookies at one institute."""

    site: Site
    slug: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
        """Out: status, where it leads, and the page."""
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=90)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        host = f"{self.slug}.localhost:{self.site.port}"
        try:
            line.request(
                method, path, body or None,
                headers={"Host": host, "Cookie": cookies, **headers},
            )  # fmt: skip
            answer = line.getresponse()
            page = answer.read().decode("utf-8", "replace")
        finally:
            line.close()
        for said in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in SimpleCookie(said).items()}
        return answer.status, answer.headers.get("Location") or "", page

    def set_off(self, start: str, who: str) -> str:
        """Go to the provider and be asked who one is. Out: the way back, not yet taken; empty
        where the way there was closed."""
        status, away, page = self.ask("GET", start)
        assert status in (302, 422), (status, page[:2000])
        if status == 422:
            return ""
        asked = dict(parse_qsl(urlsplit(away).query))
        back = urlsplit(asked["redirect_uri"]).path
        return f"{back}?code={quote(who)}.{asked['nonce']}&state={asked['state']}"


@dataclass
class Walk:
    """Pages of members elsewhere while something happens: how long each took, what was wrong."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def told(self) -> str:
        middle, late = statistics.median(self.seconds), max(self.seconds)
        return f"{len(self.seconds)} pages elsewhere, {middle:.2f} s, slowest {late:.2f} s"


@contextmanager
def walking(site: Site, walkers: int = 2) -> Iterator[Walk]:
    """Members elsewhere walk for the block."""
    walk, over = Walk(), threading.Event()
    session = inside(site, f"session({ELSEWHERE!r}, 'mentee')")

    def member() -> None:
        browser = Browser(site, ELSEWHERE, {"session": session})
        while not over.is_set():
            for path in PAGES:
                began = time.monotonic()
                status, _, _ = browser.ask("GET", path)
                walk.seconds.append(time.monotonic() - began)
                walk.statuses[status] += 1

    members = [threading.Thread(target=member, daemon=True) for _ in range(walkers)]
    for one in members:
        one.start()
    try:
        yield walk
    finally:
        over.set()
        for one in members:
            one.join(120)
    assert set(walk.statuses) == {200}, walk.statuses


def inside(site: Site, call: str) -> Any:
    """The JSON that a function of `tests.drills.societies` prints inside the product."""
    return json.loads(site.inside(f"from tests.drills import societies; societies.{call}"))


@pytest.fixture
def moody() -> Iterator[Moody]:
    with provider() as made:
        yield made


@pytest.fixture
def deployed(
    moody: Moody, peopled_name: str, redis_up: str, tmp_path: Path
) -> Iterator[tuple[Site, str]]:
    """The web server as it is deployed, on a site that trusts the provider; where to begin."""
    told = {
        "DJANGO_SETTINGS_MODULE": "tests.drills.society_settings", "DRILL_SOCIETY": moody.host,
        "ITHACA_WEB_WORKERS": "2", "ITHACA_WEB_THREADS": "4",
    }  # fmt: skip
    with (
        lent(f"test_site_{time.monotonic_ns()}", source=peopled_name) as database_url,
        running_on(
            database_url, redis_url=redis_up, files=files_of(peopled_name), folder=tmp_path,
            names=("deployed",), more=told,
        ) as site,
    ):  # fmt: skip
        yield site, inside(site, f"trust({HOME!r}, {moody.base!r})")


def back_at_once(site: Site, ways: dict[str, tuple[Browser, str]]) -> dict[str, tuple[int, str]]:
    """Everybody comes back from the provider at once. Out: status and first words for each."""

    def come(who: str) -> tuple[str, tuple[int, str]]:
        browser, way = ways[who]
        status, _, page = browser.ask("GET", way)
        text = re.search(r"<main.*?</main>", page, re.DOTALL)
        words = re.sub(r"<[^>]*>|\s+", " ", text[0] if text else "")
        return who, (status, " ".join(words.split())[:160])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(pool.map(come, ways))


def gone(site: Site, start: str, people: list[str]) -> dict[str, tuple[Browser, str]]:
    """Those of them who got to the provider, with their ways back."""
    browsers = {who: Browser(site, HOME) for who in people}
    ways = {who: (browser, browser.set_off(start, who)) for who, browser in browsers.items()}
    return {who: way for who, way in ways.items() if way[1]}


def test_a_provider_that_takes_nine_seconds_does_not_stop_other_institutes(
    moody: Moody, deployed: tuple[Site, str]
) -> None:
    site, start = deployed
    ways = gone(site, start, [f"slow{n}" for n in range(AT_ONCE)])
    moody.delay, moody.most_at_once = 9.0, 0
    with walking(site) as walk:
        began = time.monotonic()
        answers = back_at_once(site, ways)
        took = time.monotonic() - began
    statuses = Counter(status for status, _ in answers.values())
    print(  # noqa: T201
        f"provider slow: {AT_ONCE} at once, {dict(statuses)} after {took:.0f} s, at most "
        f"{moody.most_at_once} calls out at once; {walk.told}"
    )
    assert moody.most_at_once <= 2, "each of two processes leaves a place to others"
    assert max(walk.seconds) < SLOWEST
    assert set(statuses) <= {302, 422}, answers
    assert statuses[302], "nobody came in"
    moody.delay = 0.0
    (answer,) = back_at_once(site, gone(site, start, ["later"])).values()
    assert answer[0] == 302, answer


@pytest.mark.parametrize("mood", ["flaps", "turns"])
def test_a_provider_that_comes_and_goes_or_changes_its_keys_lets_everybody_in_once(
    mood: str, moody: Moody, deployed: tuple[Site, str]
) -> None:
    site, start = deployed
    setattr(moody, mood, True)
    wanting, rounds = {f"{mood}{n}" for n in range(AT_ONCE)}, 0
    statuses: Counter[int] = Counter()
    with walking(site, 1) as walk:
        while wanting and rounds < 12:
            rounds += 1
            if rounds > 2:
                time.sleep(8)  # sixty a minute may set off from one address
            answers = back_at_once(site, gone(site, start, sorted(wanting)))
            wanting -= {who for who, (status, _) in answers.items() if status == 302}
            statuses += Counter(status for status, _ in answers.values())
    found = inside(site, f"seen({HOME!r})")
    print(  # noqa: T201
        f"provider {mood}: {AT_ONCE - len(wanting)} of {AT_ONCE} in after {rounds} rounds, "
        f"{dict(statuses)}; {walk.told}"
    )
    assert not wanting, wanting
    assert set(statuses) <= {302, 422}
    assert found["people"] == AT_ONCE
    assert max(walk.seconds) < SLOWEST


def test_five_thousand_members_are_told_of_while_others_walk(
    deployed: tuple[Site, str],
) -> None:
    site, _ = deployed
    token = inside(site, f"open_door({HOME!r})")
    waiting, until = list(range(PUSHED)), time.monotonic() + SECONDS
    statuses: Counter[int] = Counter()

    def push() -> None:
        system = Browser(site, HOME)
        while waiting and time.monotonic() < until:
            status, _, _ = system.ask(
                "POST", "/scim/v2/Users", user(waiting.pop()),
                **{"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"},
            )  # fmt: skip
            statuses[status] += 1

    with walking(site) as walk:
        began = time.monotonic()
        pushers = [threading.Thread(target=push, daemon=True) for _ in range(PUSHERS)]
        for one in pushers:
            one.start()
        for one in pushers:
            one.join()
        took = time.monotonic() - began
    found = inside(site, f"seen({HOME!r})")
    print(  # noqa: T201
        f"society tells of {statuses.total()} in {took:.0f} s ({statuses.total() / took:.0f} a "
        f"second), {dict(statuses)}; {walk.told}"
    )
    assert set(statuses) == {201}, statuses
    assert found["people"] == statuses[201]
    assert max(walk.seconds) < SLOWEST


def user(number: int) -> str:
    """A member as the society's system writes one."""
    name = f"pushed{number}"
    return json.dumps({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "externalId": f"key-{name}",
        "name": {"givenName": "Wren", "familyName": f"Holm{number}"},
        "emails": [{"value": f"{name}@society.example", "type": "work", "primary": True}],
    })  # fmt: skip
