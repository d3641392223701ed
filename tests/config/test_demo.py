"""``manage.py demo`` as a person uses it: start, look, Ctrl-C, start again."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from config.demo.people import PASSWORD
from config.local.places import ROOT
from tests.config.visitor import Visitor
from tests.servers import free_port, roomy

INSTITUTES = ("ciltuk", "connect", "guided", "linguists", "uhb")
MEMBERSHIP = "connect"  # signs in at the demo's society
READY = "Press Ctrl-C to end."


class Demo:
    """One run of the command."""

    def __init__(self, state: Path, port: int) -> None:
        self.port = port
        self.begun = time.monotonic()
        given = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("ITHACA_") and name not in {"DATABASE_URL", "REDIS_URL"}
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--few"],
            cwd=ROOT,
            env={
                **given,
                "DJANGO_SETTINGS_MODULE": "config.settings.demo",
                "ITHACA_STATE_FOLDER": str(state),
                "ITHACA_PORT": str(port),
                "COLUMNS": "120",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.output = ""

    def wait_until_ready(self) -> None:
        """Read on until the demo says that it is ready."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if READY in line:
                # What follows is read away, so that the demo never waits for us.
                threading.Thread(target=self._read_on, daemon=True).start()
                return
        raise AssertionError(self.output)

    def _read_on(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line

    def family(self) -> list[psutil.Process]:
        """The demo's own children, servers left out."""
        children: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return children

    def interrupt(self) -> int:
        """Ctrl-C; out: the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def ask(
        self, slug: str, path: str, cookie: str = "", form: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": f"{slug}.localhost:{self.port}", "Cookie": cookie}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            body = urlencode(form) if form is not None else None
            line.request("POST" if form is not None else "GET", path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        finally:
            line.close()

    def sign_in(self, slug: str, username: str) -> str:
        """Out: the cookies of somebody who has signed in."""
        _, headers, page = self.ask(slug, "/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:2000]
        cookies = _cookies(headers)
        form = {"csrfmiddlewaretoken": token[1], "login": username, "password": PASSWORD}
        status, headers, page = self.ask(slug, "/account/login/", cookies, form)
        assert status == 302, page[:2000]
        return _cookies(headers)


def _two_ports() -> int:
    """A port that is free together with the one after it, on which the society stands."""
    while True:
        port = free_port()
        with socket.socket() as probe, suppress(OSError, OverflowError):
            probe.bind(("127.0.0.1", port + 1))
            return port


class Members(Visitor):
    """Somebody who signs in at the society of a demo and goes to Connect from there."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.connect = f"http://{MEMBERSHIP}.localhost:{port}"
        self.society = f"http://society.localhost:{port + 1}"

    def sign_in(self, who: str) -> None:
        """From Connect's door to the society and back."""
        self.open(f"{self.connect}/account/login/")
        found = re.search(r'href="(/sign-in/society/[^"]*)"', self.page)
        assert found, self.page[:3000]
        self.open(unescape(found[1]))
        assert self.url.startswith(f"{self.society}/sign-in?"), self.url
        self.send("/sign-in", who=who, password=PASSWORD)
        assert self.url.startswith(self.connect), self.url
        assert self.status == 200, self.page[:3000]


def _cookies(headers: http.client.HTTPMessage) -> str:
    return "; ".join(line.split(";")[0] for line in headers.get_all("Set-Cookie") or [])


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """The state folder of the demo."""
    with tempfile.TemporaryDirectory(prefix="mentoring-", dir=roomy()) as made:
        Path(made).chmod(0o755)
        yield Path(made)


def _servers_of(state: Path) -> list[str]:
    return [
        " ".join(process.info["cmdline"])
        for process in psutil.process_iter(["cmdline"])
        if str(state) in " ".join(process.info["cmdline"] or [])
    ]


def test_demo_shows_five_institutes_ends_cleanly_and_keeps_everything(state: Path) -> None:
    first = Demo(state, _two_ports())
    try:
        first.wait_until_ready()
        for slug in (*INSTITUTES, "operators"):
            assert f"http://{slug}.localhost:{first.port}" in first.output
        assert PASSWORD in first.output
        assert "generated" in first.output
        for slug in INSTITUTES:
            status, _, page = first.ask(slug, "/")
            assert status == 200, slug
            assert "ithaca" not in page.lower()
            if slug != MEMBERSHIP:
                cookies = first.sign_in(slug, "mentee")
                status, _, page = first.ask(slug, "/relationships/", cookies)
                assert status == 200
        _members_sign_in_at_their_society(first.port)
        family = first.family()
        assert len(family) >= 3
    finally:
        code = first.interrupt()
    assert code == 0, first.output
    psutil.wait_procs(family, timeout=10)
    assert not [each for each in family if each.is_running()]
    assert _servers_of(state) == []

    second = Demo(state, first.port)
    try:
        second.wait_until_ready()
        taken = time.monotonic() - second.begun
        again = second.sign_in("ciltuk", "mentor")
        assert second.ask("ciltuk", "/relationships/", again)[0] == 200
        status, _, _ = second.ask("ciltuk", "/relationships/", cookies)
        assert status == 302, "a session of another institute"
    finally:
        second.process.kill()
        second.process.wait()
    assert taken < 60  # 15 s on an idle machine; tests share theirs

    third = Demo(state, _two_ports())
    try:
        third.wait_until_ready()
        assert third.ask("guided", "/")[0] == 200
        Members(third.port).sign_in("mentee")  # the society has moved with the port
    finally:
        assert third.interrupt() == 0
    assert _servers_of(state) == []


def _members_sign_in_at_their_society(port: int) -> None:
    """Sign in over there, change the address over there, lapse and return: Connect follows."""
    member, secretary = Members(port), Members(port)
    assert 'type="password"' not in member.open(f"{member.connect}/account/login/")
    member.sign_in("mentee")
    member.open(f"{member.connect}/account/edit/")
    assert member.sees(f"{member.society}/membership")
    assert not member.sees("Change password")
    assert not member.sees("Change e-mail address")

    member.open(f"{member.society}/membership")
    name = re.findall(r'name="(?:first|last)_name" value="([^"]*)"', member.page)
    member.send(
        "/membership", first_name=name[0], last_name="Winterbourne", email="new@connect.example"
    )
    assert member.sees("Connect has been told."), member.page
    member.open(f"{member.connect}/account/edit/")
    assert member.sees("new@connect.example")
    assert member.sees("Winterbourne")

    secretary.open(f"{secretary.society}/sign-in?next=/secretary")
    secretary.send("/sign-in", who="secretary", password=PASSWORD)
    for status, standing in (("lapsed", True), ("current", False)):
        secretary.open("/secretary?name=Winterbourne")
        found = re.search(r'name="subject" value="([^"]*)"', secretary.page)
        assert found, secretary.page
        secretary.send("/secretary", subject=found[1], status=status)
        assert secretary.sees("Connect has been told."), secretary.page
        assert _reads_of_lapse(member) is standing

    lapsed, newcomer = Members(port), Members(port)
    lapsed.sign_in("lapsed")
    assert _reads_of_lapse(lapsed)
    newcomer.sign_in("newcomer")
    assert newcomer.sees("Before you begin"), newcomer.page[:3000]

    stranger = Visitor()
    bad = f"{member.society}/oidc/authorise?client_id=connect&redirect_uri=https://a.example/"
    stranger.open(bad)
    assert stranger.status == 400
    stranger.open(f"{member.society}/secretary")
    assert "/sign-in" in stranger.url


def _reads_of_lapse(member: Members) -> bool:
    """Whether Connect says that the membership has ended where something would begin."""
    member.open(f"{member.connect}/mentors/")
    found = re.search(r'href="(/mentors/[0-9a-f-]{36}/)', member.page)
    assert found, member.page[:3000]
    member.open(found[1])
    return member.sees("Your membership has ended")


def test_demo_on_a_taken_port_says_so_and_leaves_nothing(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        demo = Demo(state, taken.getsockname()[1])
        output, _ = demo.process.communicate(timeout=60)
    assert demo.process.returncode == 1
    assert output.startswith(f"The demo cannot run. Port {demo.port} of 127.0.0.1 cannot be used")
    assert len(output.strip().splitlines()) == 1
    assert _servers_of(state) == []
