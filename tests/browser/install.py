"""Finds a Chromium, or installs one: ``python -m tests.browser.install``.

Tests without a browser fail rather than skip: what nobody saw in a browser is not shown to work.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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
    """Find a Chromium or install one. Errors: ``BrowserMissing`` with the reason."""
    path = found()
    if path is not None:
        return path
    print("Installing Chromium ...", flush=True)  # noqa: T201 - a command speaks
    for command in _commands():
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise BrowserMissing(
                f"Chromium could not be installed: {' '.join(command)} failed. Install it by hand "
                "so that `chromium` is a command, and start again."
            )
    return chromium()


def _commands() -> list[list[str]]:
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        return [
            [*quiet, "update"],
            ["env", "DEBIAN_FRONTEND=noninteractive", *quiet, "install", "-y", "chromium"],
        ]
    return [[sys.executable, "-m", "playwright", "install", "chromium"]]


if __name__ == "__main__":
    try:
        install()
    except BrowserMissing as problem:
        sys.exit(str(problem))
