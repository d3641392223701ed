"""Web server, worker and clock as child processes: started, watched and ended together."""

import ctypes
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PATIENCE = 180.0
ENDING = 30.0
RESTARTS = 3
PR_SET_PDEATHSIG = 1


class ChildFailed(Exception):
    """A child cannot be kept running; the message says which and where its log is."""


@dataclass
class Child:
    """One process, its command and where it writes."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0


@dataclass
class Family:
    """All children of the demo."""

    folder: Path
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)
    ending: bool = False

    def add(self, name: str, *command: str) -> None:
        """Start one: a module of Python with its words."""
        logs = self.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        child = Child(name, [sys.executable, "-m", *command], logs / f"{name}.log")
        self.children.append(child)
        self._start(child)

    def _start(self, child: Child) -> None:
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(  # noqa: S603 - our own commands
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,  # Ctrl-C is for us alone; we end them in order
                preexec_fn=_end_with_parent,
            )

    def wait_for_answer(self, name: str, url: str) -> None:
        """Return when the child answers at its address. Errors: ``ChildFailed``."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.check()
            with (
                suppress(urllib.error.URLError, OSError),
                urllib.request.urlopen(url, timeout=5) as answer,  # noqa: S310 - our own address
            ):
                if answer.status == 200:
                    return
            time.sleep(0.1)
        raise ChildFailed(
            f"The {name} did not answer within {PATIENCE:.0f} seconds; "
            f"the logs in {self.folder / 'logs'} say why."
        )

    def watch(self) -> None:
        """Look after the children until somebody asks for the end. Errors: ``ChildFailed``."""
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, self._asked_to_end)
        while not self.ending:
            self.check()
            time.sleep(0.2)

    def _asked_to_end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def check(self) -> None:
        """Start again what ended by itself, a few times; then say so."""
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            if child.restarts >= RESTARTS or child.process.returncode == 3:
                raise ChildFailed(f"The {child.name} stopped; its log {child.log} says why.")
            child.restarts += 1
            self._start(child)

    def end(self) -> None:
        """End all of them: the web server first, so that nobody asks while the others finish."""
        for child in self.children:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        until = time.monotonic() + ENDING
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


def _end_with_parent() -> None:
    """On Linux a child is asked to end when its parent is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
