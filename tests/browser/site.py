"""The product as it runs: web server, Celery worker with beat, an SMTP server, a database.

The tests drive it from outside: through a browser, and through the mails that arrive.
"""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as default_policy
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from tests.database import how_to_copy

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
COMMANDS = {
    "web": (
        "gunicorn", "config.wsgi:application", "--bind", "127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", "1", "--threads", "6",
    ),
    "worker": (
        "celery", "-A", "config", "worker", "--beat", "--pool", "threads", "--concurrency", "2",
        "--loglevel", "WARNING", "--schedule", "{folder}/beat",
    ),
}  # fmt: skip


class Inbox:
    """Keeps what the SMTP server received; waiting ends as soon as the mail is there."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.away = False
        self.refused = 0
        self._arrived = Condition()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.away:
            self.refused += 1
            return "451 come back later"
        message = BytesParser(policy=default_policy).parsebytes(envelope.content)
        with self._arrived:
            self.mails.append(message)
            self._arrived.notify_all()
        return "250 OK"

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
        """Start the "web" or the "worker" process."""
        places = {"port": self.port, "folder": self.folder}
        with (self.folder / "site.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *(word.format(**places) for word in COMMANDS[name])],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a process that `start` began, and wait for it."""
        process = self.processes.pop(name)
        process.send_signal(how)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def url(self, slug: str, path: str = "/") -> str:
        """The address of a page of an institute."""
        return f"http://{slug}.localhost:{self.port}{path}"

    def manage(self, *words: str) -> str:
        """Run a management command against the running product; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def copy_of(template: str) -> Iterator[str]:
    """The address of a database of its own, copied from `template`, dropped at the end."""
    name = f"test_site_{secrets.token_hex(6)}"
    chosen = connections.settings[DEFAULT_DB_ALIAS]
    given = {
        key: chosen[name]
        for key, name in (("user", "USER"), ("password", "PASSWORD"), ("host", "HOST"))
        if chosen[name]
    } | ({"port": chosen["PORT"]} if chosen["PORT"] else {})
    query = urlencode({"host": chosen["HOST"]} if chosen["HOST"].startswith("/") else {})
    where = "" if query else f"{chosen['HOST']}:{chosen['PORT'] or 5432}"
    with psycopg.connect(dbname="postgres", autocommit=True, **given) as server:
        words = sql.SQL("create database {} template {}" + how_to_copy())
        server.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        who = f"{quote(chosen['USER'])}:{quote(chosen['PASSWORD'])}"
        yield f"postgresql://{who}@{where}/{name}" + (f"?{query}" if query else "")
    finally:
        with psycopg.connect(dbname="postgres", autocommit=True, **given) as server:
            words = sql.SQL("drop database if exists {} with (force)")
            server.execute(words.format(sql.Identifier(name)))


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*, database_url: str, redis_url: str, folder: Path) -> Iterator[Site]:
    """Start everything, wait until it answers, end exactly what was started."""
    inbox = Inbox()
    smtp_port = free_port()
    smtp = Controller(inbox, hostname="127.0.0.1", port=smtp_port)
    smtp.start()
    port = free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ITHACA_") and name not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
    } | {
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "ITHACA_FILES_URL": f"file://{settings.MEDIA_ROOT}",
        "ITHACA_STATE_FOLDER": str(folder / "state"),
        "ITHACA_PORT": str(port),
        "ITHACA_LOG_LEVEL": "WARNING",
    }
    site = Site(port, inbox, environment, folder)
    try:
        site.manage("demo", "--prepare", "--few")
        for name in COMMANDS:
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
