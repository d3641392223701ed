"""`kill -9` of PostgreSQL and of the web server in the middle of members' acts (trust, faults).

What a page acknowledged is there after the restart, once and whole, and its mail goes out. A
`kill -9` keeps the page cache: this shows nothing about a loss of power.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from config.local import account, places, postgres, redis
from tests.browser.site import Site, running_on
from tests.database import address, files_of
from tests.drills.acts import MAILS, Pressed, press

pytestmark = pytest.mark.drill

SLUG = "ciltuk"
ACTS = 96
# A mail that a dead worker had in its hands is offered again when its lease of five minutes ends.
LONGEST = 420.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account reaches too."""
    with tempfile.TemporaryDirectory(prefix="mentoring-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def mortal(peopled_name: str, folder: Path) -> Iterator[places.Postgres]:
    """A PostgreSQL of the drill's own that keeps its word, with everything the tests' one has."""
    place = places.Postgres(data=folder / "pg" / "data", socket_folder=folder / "s", durable=True)
    postgres.start(place)
    programs = postgres._programs(account.unprivileged())
    subprocess.run(
        f"'{programs}/psql' -q '{place.url('postgres')}' -c 'create database site' && "
        f"'{programs}/pg_dump' '{address(peopled_name)}' | "
        f"'{programs}/psql' -q -v ON_ERROR_STOP=1 '{place.url('site')}'",
        shell=True, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    yield place
    postgres.stop(place)


@dataclass
class House:
    """The product on servers that may be killed."""

    site: Site
    postgres: places.Postgres
    kind: str

    def kill_postgres(self) -> None:
        pid = int((self.postgres.data / "postmaster.pid").read_text().split()[0])
        children = psutil.Process(pid).children(recursive=True)
        os.kill(pid, signal.SIGKILL)
        psutil.wait_procs(children, timeout=20)
        postgres.start(self.postgres)

    def kill_web(self) -> None:
        """Master and workers at once; the demo starts its web server again by itself."""
        started = self.site.processes[self.kind]
        master = psutil.Process(started.pid)
        if self.kind == "demo":
            (master,) = (each for each in master.children() if "config.wsgi" in each.cmdline())
        for each in (master, *master.children(recursive=True)):
            each.send_signal(signal.SIGKILL)
        if self.kind == "demo":
            return
        started.wait()
        self.site.start(self.kind)


@pytest.fixture
def house(
    mortal: places.Postgres, folder: Path, peopled_name: str, request: pytest.FixtureRequest
) -> Iterator[House]:
    kind = request.param
    shutil.copytree(files_of(peopled_name), folder / "files")
    place = places.Redis(data=folder / "redis", socket=folder / "r.sock", durable=True)
    redis.start(place)
    with ExitStack() as stack:
        stack.callback(redis.stop, place)
        names = ("demo",) if kind == "demo" else (kind, "worker")
        site = stack.enter_context(
            running_on(
                mortal.url("site"), redis_url=place.url(), files=folder / "files", folder=folder,
                names=names,
            )
        )  # fmt: skip
        yield House(site, mortal, kind)


def inside(site: Site, call: str) -> Any:
    """The JSON that a function of `tests.drills.acts` prints inside the product."""
    return json.loads(site.inside(f"from tests.drills import acts; acts.{call}"))


KILLS: dict[str, Callable[[House], None]] = {
    "PostgreSQL": House.kill_postgres,
    "web server": House.kill_web,
}


@pytest.mark.parametrize(
    ("house", "what"),
    [("deployed", "PostgreSQL"), ("deployed", "web server"), ("demo", "web server")],
    indirect=["house"],
)
def test_what_was_acknowledged_outlives_a_kill(house: House, what: str) -> None:
    site = house.site
    acts = inside(site, f"prepare({SLUG!r}, {ACTS})")
    pressed = Pressed(acts)
    members = press(site, SLUG, acts, pressed)
    pressed.reached(ACTS // 4)
    killed = time.monotonic()
    before = len(pressed.acknowledged)
    KILLS[what](house)
    for member in members:
        member.join()
    assert len(pressed.acknowledged) == ACTS, pressed.answers
    assert before < ACTS, "it was over before the kill"
    back = next_answer(pressed, after=killed)
    found = mails_out(house, acts)
    twice = sum(times - 1 for times in delivered(site).values())
    again = sum(times > 1 for times in pressed.tries.values())
    print(  # noqa: T201
        f"{house.kind}, {what} killed: {ACTS} acknowledged ({before} before), {again} sent again, "
        f"{found['lost']} lost, {found['doubled']} doubled, {found['half']} half, "
        f"{found['files without row']} files without row, {twice} mails twice, "
        f"answers {dict(pressed.answers)}, {back - killed:.1f} s to recover"
    )
    bad = ("lost", "doubled", "half", "rows without file", "mails not out")
    assert {name: found[name] for name in bad} == dict.fromkeys(bad, 0)
    wanted = sum(act["kind"] in MAILS for act in acts)
    assert len(delivered(site)) >= wanted


def next_answer(pressed: Pressed, *, after: float) -> float:
    """When the first act was acknowledged that was begun after the kill."""
    return min(at for mark, at in pressed.acknowledged.items() if pressed.begun[mark] > after)


def delivered(site: Site) -> Counter[str]:
    """How often each mail of the acts arrived."""
    return Counter(
        str(mail["Message-ID"]) for mail in list(site.inbox.mails) if "mark" in str(mail["To"])
    )


def mails_out(house: House, acts: list[dict[str, Any]]) -> dict[str, int]:
    """The verdict, as soon as no mail waits any more."""
    until = time.monotonic() + LONGEST
    while True:
        found: dict[str, int] = inside(house.site, f"verdict({SLUG!r}, {acts!r})")
        if found["mails not out"] == 0 or time.monotonic() > until:
            return found
        time.sleep(2)
