"""Requests to all institutes at once, each of which checks its own answer (trust, battery 2).

Meanwhile nobody may get a server's error, memory must stay as it is, and the connections to the
database must stay within their bound. `DRILL_REQUESTS` says how many each server gets; 20,000
without it. They end early, and say so, when that takes longer than `DRILL_SECONDS`.
"""

import http.client
import json
import os
import random
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from tests.browser.site import Site, running_on
from tests.database import files_of, lent

pytestmark = pytest.mark.drill

REQUESTS = int(os.environ.get("DRILL_REQUESTS", "20000"))
SECONDS = float(os.environ.get("DRILL_SECONDS", "150"))
CLIENTS = 12
PATHS = (
    "/account/edit/",
    "/relationships/",
    "/help/",
    "/about/privacy/",
    "/messages/",
    "/profile/",
    "/mentors/",
    "/resources/",
)
WORKERS, THREADS = 2, 6
GROWTH = 1.2
"""So much may the web server's memory grow from half-time to the end."""
PREPARE = """
import json
from django.conf import settings
from django.test import Client
from core.accounts.models import Person
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute, Kind
from core.programme.queries import current
with platform_scope():
    found = list(Institute.objects.filter(kind=Kind.INSTITUTE))
told = {}
for one in found:
    with tenant_context(one):
        person = Person.objects.get(username="mentee")
        person.first_name, person.last_name = "Canary", f"Mark{one.slug}end"
        person.save()
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        told[one.slug] = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps(told))
"""


@contextmanager
def served(peopled: str, redis_url: str, folder: Path, **more: str) -> Iterator[Site]:
    """The web server as it is deployed, with two processes of six threads."""
    told = {"ITHACA_WEB_WORKERS": str(WORKERS), "ITHACA_WEB_THREADS": str(THREADS)} | more
    with (
        lent(f"test_site_{os.getpid()}_{time.monotonic_ns()}", source=peopled) as database_url,
        running_on(
            database_url, redis_url=redis_url, files=files_of(peopled), folder=folder,
            names=("deployed",), more=told,
        ) as site,
    ):  # fmt: skip
        yield site


class Crowd:
    """Signed-in members of every institute, who know what their pages look like."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.sessions: dict[str, str] = json.loads(site.inside(PREPARE))
        self.titles = {
            (slug, path): self.title(self.ask(self.line(), slug, path)[1])
            for slug in self.sessions
            for path in PATHS
        }

    def line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)

    def ask(self, line: http.client.HTTPConnection, slug: str, path: str) -> tuple[int, str]:
        host = f"{slug}.localhost:{self.site.port}"
        cookie = f"session={self.sessions[slug]}"
        line.request("GET", path, headers={"Host": host, "Cookie": cookie})
        answer = line.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    @staticmethod
    def title(page: str) -> str:
        found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        return found[1].strip() if found else ""

    def wrong(self, slug: str, path: str, status: int, page: str) -> str:
        """What is wrong with an answer; empty when nothing is."""
        if status != 200:
            return f"status {status}"
        others = set(re.findall(r"Mark(\w+?)end", page)) - {slug}
        if others:
            return "somebody of another institute"
        if path == "/account/edit/" and f"Mark{slug}end" not in page:
            return "not themselves"
        if self.title(page) != self.titles[slug, path]:
            return "another title"
        return ""

    def run(self, count: int, seconds: float) -> tuple[int, Counter[str]]:
        """How many answers came, and what was wrong with which number of them."""
        until = time.monotonic() + seconds

        def client(number: int) -> tuple[int, Counter[str]]:
            dice, line = random.Random(number), self.line()
            asked, bad = 0, Counter[str]()
            while asked < count // CLIENTS and time.monotonic() < until:
                slug, path = dice.choice(list(self.sessions)), dice.choice(PATHS)
                try:
                    answer = self.ask(line, slug, path)
                except (OSError, http.client.HTTPException):
                    line = self.line()  # a worker that had answered its share was replaced
                    answer = self.ask(line, slug, path)
                asked += 1
                if what := self.wrong(slug, path, *answer):
                    bad[what] += 1
            return asked, bad

        with ThreadPoolExecutor(CLIENTS) as pool:
            told = list(pool.map(client, range(CLIENTS)))
        return sum(asked for asked, _ in told), sum((bad for _, bad in told), Counter[str]())


class Gauge:
    """Looks now and then what the web server holds: memory, and connections to the database."""

    def __init__(self, site: Site) -> None:
        self.megabytes: list[float] = []
        self.connections: list[int] = []
        self._site = site
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Gauge":
        self._thread.start()
        return self

    def __exit__(self, *of: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _look(self) -> None:
        master = psutil.Process(self._site.processes["deployed"].pid)
        address = self._site.environment["DATABASE_URL"]
        with psycopg.connect(address, autocommit=True) as server:
            while not self._over.wait(1.0):
                held = sum(each.memory_info().rss for each in master.children(recursive=True))
                self.megabytes.append(held / 1e6)
                row = server.execute(
                    "select count(*) from pg_stat_activity where datname = current_database()"
                    " and backend_type = 'client backend'"
                ).fetchone()
                self.connections.append(row[0] - 2 if row else 0)  # ours, and that of `inside`

    @property
    def growth(self) -> float:
        """Memory at the end against half-time."""
        half, tenth = len(self.megabytes) // 2, max(1, len(self.megabytes) // 10)
        middle = statistics.median(self.megabytes[half : half + tenth])
        return statistics.median(self.megabytes[-tenth:]) / middle


def report(said: str) -> None:
    """Say what was measured."""
    print(said)  # noqa: T201


@pytest.mark.parametrize("pool", ["0", "8"], ids=["kept connections", "pool"])
def test_no_answer_is_another_institutes(
    pool: str, peopled_name: str, redis_up: str, tmp_path: Path
) -> None:
    with served(peopled_name, redis_up, tmp_path, ITHACA_DATABASE_POOL=pool) as site:
        crowd = Crowd(site)
        assert len(set(crowd.titles.values())) >= len(crowd.sessions)
        began = time.monotonic()
        with Gauge(site) as gauge:
            asked, bad = crowd.run(REQUESTS, SECONDS)
    speed = asked / (time.monotonic() - began)
    bound = WORKERS * (int(pool) or THREADS)
    report(
        f"pool {pool}: {asked} answers, {speed:.0f} a second, wrong: {dict(bad)}; at most "
        f"{max(gauge.connections)} connections of {bound}, {max(gauge.megabytes):.0f} MB, "
        f"{gauge.growth:.2f} times from half-time on"
    )
    assert not bad
    assert max(gauge.connections) <= bound
    assert gauge.growth < GROWTH
    assert asked > REQUESTS * 0.9 or time.monotonic() - began > SECONDS


def test_institute_shared_by_threads_is_noticed(
    peopled_name: str, redis_up: str, tmp_path: Path
) -> None:
    planted: dict[str, Any] = {"DJANGO_SETTINGS_MODULE": "tests.drills.shared_institute"}
    with served(peopled_name, redis_up, tmp_path, **planted) as site:
        crowd = Crowd(site)
        asked, bad = crowd.run(600, 120)
    report(f"planted fault: {sum(bad.values())} of {asked} answers wrong: {dict(bad)}")
    assert bad
