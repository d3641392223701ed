"""The product as it runs: web server, Celery worker with beat, an SMTP server, a database.

The tests drive it from outside: through a browser, and through the mails that arrive.
"""

import asyncio
import json
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as default_policy
from pathlib import Path
from threading import Condition
from types import MappingProxyType
from typing import Any

import psutil
from aiosmtpd.controller import Controller

from tests.database import files_of, lent
from tests.peopled import environment
from tests.servers import free_pair, free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
COMMANDS = {
    "web": (
        "gunicorn", "config.wsgi:application", "--bind", "127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", "1", "--threads", "6",
    ),
    "worker": (
        "celery", "-A", "config", "worker", "--beat", "--pool", "threads", "--concurrency", "2",
        "--loglevel", "WARNING", "--schedule", "{folder}/beat",
    ),
    "deployed": ("gunicorn", "config.wsgi", "--config", "deploy/gunicorn.conf.py"),
    "demo": ("django", "demo", "--few"),
}  # fmt: skip
USUAL = ("web", "worker")


class Inbox:
    """Keeps what the SMTP server received; waiting ends as soon as the mail is there.

    While `away` everything is refused. Mails whose subject is in `cut` are kept the first time,
    and the line is cut before the sender hears so. `slow`: seconds before a mail is taken.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.away = False
        self.refused = 0
        self.cut: set[str] = set()
        self.slow = 0.0
        self.held = 0
        self._arrived = Condition()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.slow:
            self.held += 1
            await asyncio.sleep(self.slow)  # ended where the sender hangs up
        if self.away:
            self.refused += 1
            return "451 come back later"
        message = BytesParser(policy=default_policy).parsebytes(envelope.content)
        with self._arrived:
            self.mails.append(message)
            self._arrived.notify_all()
        if str(message["Subject"]) in self.cut and self.copies(message) == 1:
            server.transport.abort()  # it is ours, and the sender never hears of it
        return "250 OK"

    def copies(self, message: EmailMessage) -> int:
        """How often this mail came so far."""
        key = message["Message-ID"]
        return sum(mail["Message-ID"] == key for mail in list(self.mails))

    def wait_for(self, address: str, subject: str) -> EmailMessage:
        """The newest mail to `address` whose subject matches the pattern. Raises AssertionError."""

        def found() -> list[EmailMessage]:
            return [
                mail
                for mail in self.mails
                if address in str(mail["To"]) and re.search(subject, str(mail["Subject"]))
            ]

        with self._arrived:
            self._arrived.wait_for(found, timeout=PATIENCE)
            matching = found()
        assert matching, f"no mail to {address} about {subject!r}: {self.subjects()}"
        return matching[-1]

    def wait_until(self, there: Callable[[], bool]) -> None:
        """Wait until something is true of the mails. Raises AssertionError."""
        with self._arrived:
            assert self._arrived.wait_for(there, timeout=PATIENCE), self.subjects()

    def subjects(self) -> list[str]:
        """Address and subject of every mail, for messages of failed tests."""
        return [f"{mail['To']}: {mail['Subject']}" for mail in self.mails]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage, part: str) -> str:
    """The link of a mail that contains `part`."""
    found = [link for link in re.findall(r"https?://\S+", text_of(mail)) if part in link]
    assert found, text_of(mail)
    return str(found[0])


@dataclass
class Site:
    """A running product."""

    port: int
    inbox: Inbox
    environment: dict[str, str]
    folder: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """The end of what web server and worker said."""
        file = self.folder / "site.log"
        return file.read_text()[-4000:] if file.exists() else ""

    def start(self, name: str) -> None:
        """Start one of the processes that COMMANDS names."""
        places = {"port": self.port, "folder": self.folder}
        with (self.folder / "site.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *(word.format(**places) for word in COMMANDS[name])],
                cwd=ROOT,
                env=self.environment | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a process that `start` began, and wait for it. What is killed leaves no children."""
        process = self.processes.pop(name)
        if how == signal.SIGKILL:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()  # the clock of a worker, which would go on alone
        process.send_signal(how)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def url(self, slug: str, path: str = "/") -> str:
        """The address of a page of an institute."""
        return f"http://{slug}.localhost:{self.port}{path}"

    def inside(self, code: str) -> str:
        """Run Python inside the running product; returns what it printed.

        Errors: AssertionError with the traceback.
        """
        if "inside" not in self.processes:
            self.processes["inside"] = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.inside"],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env=self.environment | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
            )  # fmt: skip
        process = self.processes["inside"]
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(code).encode() + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, "it ended"
        answer = json.loads(line)
        assert not answer["error"], answer["error"]
        return str(answer["said"])


@contextmanager
def running(*, database: str, redis_url: str, folder: Path) -> Iterator[Site]:
    """Start everything on a copy of a database, wait until it answers, end what was started."""
    files = folder / "files"
    if files_of(database).is_dir():
        shutil.copytree(files_of(database), files)
    with (
        lent(f"test_site_{secrets.token_hex(6)}", source=database) as database_url,
        running_on(database_url, redis_url=redis_url, files=files, folder=folder) as site,
    ):
        yield site


@contextmanager
def running_on(
    database_url: str,
    *,
    redis_url: str,
    files: Path,
    folder: Path,
    names: tuple[str, ...] = USUAL,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Site]:
    """Start these processes on servers that run, wait until they answer, end what was started.

    In: `more` is said to them by the environment.
    """
    inbox = Inbox()
    smtp_port = free_port()
    smtp = Controller(inbox, hostname="127.0.0.1", port=smtp_port)
    smtp.start()
    port = free_pair()
    told = environment(
        database_url=database_url, redis_url=redis_url, files=files, state=folder / "state"
    )
    told |= {"EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}", "ITHACA_PORT": str(port), **more}
    site = Site(port, inbox, told, folder)
    try:
        for name in names:
            site.start(name)
        _wait_until_it_answers(site)
        yield site
    finally:
        for name in list(site.processes):
            site.end(name)
        smtp.stop()


def _wait_until_it_answers(site: Site) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for process in site.processes.values():
            assert process.poll() is None, site.log
        try:
            # Only browsers know that names under localhost are this machine.
            front = urllib.request.Request(
                f"http://127.0.0.1:{site.port}/", headers={"Host": f"ciltuk.localhost:{site.port}"}
            )
            with urllib.request.urlopen(front, timeout=5):
                return
        except urllib.error.HTTPError as answer:
            raise AssertionError(f"{answer.code}: {site.log}") from None
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the site did not come up")
