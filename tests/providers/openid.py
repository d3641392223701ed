"""oidc-provider, a certified OpenID Connect provider of the npm registry, as a society's."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import requests

from tests.servers import free_port

SECONDS = 30
FILES = Path(__file__).parent / "openid"
PLACE = Path(__file__).parents[2] / ".stamps" / "openid"
CLIENT = "mentoring"
CLIENT_SECRET = "only-for-the-tests"
SCOPES = {
    "profile": ["given_name", "family_name", "name"],
    "email": ["email", "email_verified"],
    "society": ["member_no", "standing", "groups", "trade"],
}


class ProviderMissing(Exception):
    """There is no oidc-provider; the message says what is missing."""


def install() -> None:
    """Put the pinned packages into a folder of their own, one process at a time.

    Errors: ``ProviderMissing``.
    """
    PLACE.mkdir(parents=True, exist_ok=True)
    with (PLACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install()


def _install() -> None:
    digest = hashlib.sha256((FILES / "package-lock.json").read_bytes()).hexdigest()
    stamp = PLACE / "installed"
    for name in ("package.json", "package-lock.json", ".npmrc", "server.mjs"):
        shutil.copyfile(FILES / name, PLACE / name)
    if stamp.is_file() and stamp.read_text() == digest:
        return
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise ProviderMissing("Node.js and npm are missing: install them and start again.")
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--silent"],
        cwd=PLACE,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise ProviderMissing(f"npm could not install oidc-provider: {done.stderr[-500:]}")
    stamp.write_text(digest)


@dataclass
class OpenIdProvider:
    """A running provider."""

    base: str
    process: "subprocess.Popen[str]"

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    def set_up(
        self, home: str, callback: str, sign_out: str = "", **accounts: dict[str, Any]
    ) -> None:
        """Begin afresh: one site of ours, with its addresses, and the society's members.

        With ``sign_out`` it tells that address when somebody signs out.
        """
        client: dict[str, Any] = {
            "client_id": CLIENT,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [callback],
            "post_logout_redirect_uris": [home],
            "scope": "openid profile email society",
        }
        if sign_out:
            client |= {
                "backchannel_logout_uri": sign_out,
                "backchannel_logout_session_required": True,
            }
        self._post("set-up", clients=[client], accounts=accounts, scopes=SCOPES)

    def tamper(self, **wrong: Any) -> None:
        """What the next ID tokens say wrongly: ``claims``, ``forge``, ``alg``; or ``down``."""
        self._post("tamper", **wrong)

    def signed(self, **what: Any) -> str:
        """A token with these ``claims``, more in its ``header``, or a key that ``forge``s."""
        return str(self._post("signed", **what))

    def told(self) -> list[dict[str, str]]:
        """What it has sent to addresses of ours: each ``url`` and ``body``; it got through."""
        return list(self._post("told"))

    def _post(self, path: str, **what: Any) -> Any:
        answer = requests.post(f"{self.base}/{path}", json=what, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()


class Visitor:
    """Somebody's browser at the provider."""

    def __init__(self, who: str) -> None:
        self.web = requests.Session()
        self.web.cookies.set("who", who)

    def follow(self, url: str, until: str) -> str:
        """Follow redirects from ``url``. Out: the first address that starts with ``until``."""
        for _ in range(10):
            if url.startswith(until):
                return url
            page = self.web.get(url, allow_redirects=False, timeout=SECONDS)
            assert page.is_redirect, (url, page.status_code, page.text)
            url = requests.compat.urljoin(url, page.headers["Location"])
        raise AssertionError(f"it does not come to {until}")

    def sign_out(self, url: str) -> str:
        """Say yes to the provider's question. Out: where it leads on to."""
        page = self.web.get(url, timeout=SECONDS)
        form = lxml.html.fromstring(page.text, base_url=page.url).forms[0]
        fields = {**form.fields, "logout": "yes"}
        answer = self.web.post(
            requests.compat.urljoin(page.url, form.action),
            data=fields,
            allow_redirects=False,
            timeout=SECONDS,
        )
        assert answer.is_redirect, answer.text
        return str(answer.headers["Location"])


@contextmanager
def running() -> Iterator[OpenIdProvider]:
    """The provider for the time of the block. Errors: ``ProviderMissing``."""
    install()
    port = free_port()
    node = shutil.which("node") or "node"
    process = subprocess.Popen(
        [node, "server.mjs", str(port)],
        cwd=PLACE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        for line in process.stdout or ():
            if line.strip() == "ready":
                break
        else:
            raise ProviderMissing("oidc-provider did not start.")
        yield OpenIdProvider(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(SECONDS)
