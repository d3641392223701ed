"""Finds a Chromium, or installs one: ``python -m tests.browser.install``.

Tests without a browser fail rather than skip: what nobody saw in a browser is not shown to work.
The Chromium without a window is the same engine at a third of the processor time: it comes first.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WINDOWLESS = "chromium-headless-shell"
PROGRAMS = (
    WINDOWLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
)  # fmt: skip


class BrowserMissing(Exception):
    """There is no Chromium; the message says how to get one."""


def found() -> str | None:
    """Out: the path of a Chromium on this machine, Playwright's own included."""
    for program in PROGRAMS:
        path = shutil.which(program)
        if path:
            return path
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


def chromium() -> str:
    """Out: the path of a Chromium. Errors: ``BrowserMissing``."""
    path = found()
    if path is None:
        raise BrowserMissing("There is no Chromium here: run `make browser`.")
    return path


def install() -> str:
    """Find a Chromium or install one: the one without a window where there are packages of it.

    Errors: ``BrowserMissing`` with the reason.
    """
    from_packages = bool(shutil.which("apt-get")) and os.geteuid() == 0
    if from_packages and not shutil.which(WINDOWLESS):
        _carried_out(_packaged(WINDOWLESS))
    path = found()
    if path is not None:
        return path
    commands = (
        _packaged("chromium")
        if from_packages
        else [[sys.executable, "-m", "playwright", "install", "chromium"]]
    )
    failed = _carried_out(commands)
    if failed:
        raise BrowserMissing(
            f"Chromium could not be installed: {failed} failed. Install it by hand "
            "so that `chromium` is a command, and start again."
        )
    return chromium()


def _carried_out(commands: list[list[str]]) -> str:
    """Out: the command that failed, or nothing."""
    print("Installing Chromium ...", flush=True)  # noqa: T201 - a command speaks
    for command in commands:
        if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode != 0:
            return " ".join(command)
    return ""


def _packaged(name: str) -> list[list[str]]:
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    return [
        [*quiet, "update"],
        ["env", "DEBIAN_FRONTEND=noninteractive", *quiet, "install", "-y", name],
    ]


if __name__ == "__main__":
    try:
        install()
    except BrowserMissing as problem:
        sys.exit(str(problem))
