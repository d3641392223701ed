"""Finds SimpleSAMLphp and oidc-provider, or installs them: ``python -m tests.providers.install``.

Sign-in is tried against somebody else's identity provider; tests without it fail, not skip.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.providers import openid

PROGRAM = Path("/usr/share/simplesamlphp/www")
# PHP of the distribution without a web server; the program reads with xml and mbstring.
_INSTALL = ("install", "-y", "--no-install-recommends")
PACKAGES = ("simplesamlphp", "php-cli", "php-xml", "php-mbstring")


class ProviderMissing(Exception):
    """There is no SimpleSAMLphp; the message says how to get one."""


def found() -> bool:
    """Out: whether PHP and SimpleSAMLphp are on this machine."""
    return shutil.which("php") is not None and PROGRAM.is_dir()


def simplesamlphp() -> tuple[str, Path]:
    """Out: PHP's path and the folder that it serves. Errors: ``ProviderMissing``."""
    php = shutil.which("php")
    if php is None or not PROGRAM.is_dir():
        raise ProviderMissing("There is no SimpleSAMLphp here: run `make providers`.")
    return php, PROGRAM


def install() -> None:
    """Find SimpleSAMLphp or install it, one process at a time. Errors: ``ProviderMissing``."""
    with (Path(tempfile.gettempdir()) / "ithaca-providers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found():
            return
        print("Installing SimpleSAMLphp ...", flush=True)  # noqa: T201 - a command speaks
        for command in _commands():
            done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
            if done.returncode != 0:
                raise ProviderMissing(
                    f"SimpleSAMLphp could not be installed: {' '.join(command)} failed. Install "
                    f"the packages {', '.join(PACKAGES)} by hand and start again."
                )
    simplesamlphp()


def _commands() -> list[list[str]]:
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        raise ProviderMissing(
            f"SimpleSAMLphp is missing: install the packages {', '.join(PACKAGES)} and start again."
        )
    # Another run may hold the package database: wait for it rather than fail.
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=600"]
    return [
        [*quiet, "update"],
        ["env", "DEBIAN_FRONTEND=noninteractive", *quiet, *_INSTALL, *PACKAGES],
    ]


if __name__ == "__main__":
    try:
        install()
        openid.install()
    except (ProviderMissing, openid.ProviderMissing) as problem:
        sys.exit(str(problem))
