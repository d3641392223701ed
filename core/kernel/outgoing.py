"""Requests to servers that an institute's staff have named: never into our own network.

Every way out is one connection to an address that was resolved once, looked at, and connected to as
it was seen, so that no second answer of a name server leads elsewhere. Proxies, passwords and
certificates of the environment are left alone. Source: product A6, trust "what leaves the house".
"""

import re
import socket
import threading
import time
import zlib
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from core.kernel.at_once import Places
from core.kernel.ports import current_site

TIMEOUT = 10.0
LARGEST = 1_000_000
PORTS = frozenset({443, 8443})
HOPS = 3
_PIECE = 65_536
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?", re.IGNORECASE)
_GLOBAL_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))
_places = Places()


class Refused(RequestException):
    """We do not go there, or no further; the message is a sentence for people.

    A ``RequestException``, so that libraries that were given our session treat it as one.
    """


class Busy(Refused):
    """Nobody was asked: too many of our threads wait for that server, or for others, already."""


class OutgoingFailed(RequestException):
    """The other server could not be asked; the message is a sentence for people."""


@dataclass(frozen=True)
class Answer:
    """What another server said; ``url`` is where it was said, after redirects."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str


class _Barred(Exception):
    """The same as ``Refused``, on its way through urllib3, which retries after an OSError."""


def is_public(address: str) -> bool:
    """Whether an address of a server is one of the open internet, whatever way it is written."""
    found: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped
        if found in _NAT64:
            inside = IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is None:
            tunnelled = any(found in network for network in _TUNNELS)
            return found in _GLOBAL_V6 and found.is_global and not tunnelled
        found = inside
    return found.is_global and not found.is_multicast


def check(url: str) -> None:
    """Look at an address before anybody is asked. Errors: ``Refused``."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        raise Refused("This is not an address of a page.") from None
    if parts.username is not None or parts.password is not None:
        raise Refused("The address must not hold a name or a password.")
    if _is_allowed(host, port or (443 if parts.scheme == "https" else 80)):
        return
    if parts.scheme != "https":
        raise Refused("The address must begin with https://.")
    if not host or ":" in host or _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        raise Refused("The address must have the name of a server, not a number.")
    if (port or 443) not in PORTS:
        raise Refused("The address must use port 443 or 8443.")


def is_named(url: str) -> bool:
    """Whether an address is on a server that the demo or a test has named: it needs no https."""
    with suppress(ValueError):
        parts = urlsplit(url)
        return parts.scheme == "http" and _is_allowed(parts.hostname or "", parts.port or 80)
    return False


def session(*, timeout: float = TIMEOUT, largest: int = LARGEST) -> "Session":
    """Out: a session of ``requests`` that keeps to the rules; close it after use.

    In: the seconds that one request may take with all its redirects, the bytes of one answer.
    Errors of its requests: ``Refused`` and what ``requests`` raises by itself.
    """
    return Session(timeout=timeout, largest=largest)


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | str | None = None,
    timeout: float = TIMEOUT,
    largest: int = LARGEST,
) -> Answer:
    """Ask once. Redirects are followed for GET and HEAD alone, and each is looked at.

    Out: the answer, whatever its status. Errors: ``Refused``, ``OutgoingFailed``.
    """
    check(url)
    follow = method in {"GET", "HEAD"}
    with session(timeout=timeout, largest=largest) as own:
        try:
            said = own.request(method, url, headers=headers, data=body, allow_redirects=follow)
        except Refused:
            raise
        except requests.TooManyRedirects:
            raise Refused(f"{_host(url)} sends us from one address to the next.") from None
        except requests.exceptions.SSLError:
            raise OutgoingFailed(f"{_host(url)} does not show a valid certificate.") from None
        except requests.exceptions.InvalidSchema:
            raise Refused("The address must begin with https://.") from None
        except requests.exceptions.InvalidURL:
            raise Refused("This is not an address of a page.") from None
        except RequestException:
            raise OutgoingFailed(f"{_host(url)} could not be reached.") from None
    return Answer(said.status_code, dict(said.headers), said.content, said.url)


class Session(requests.Session):
    """A session without the environment's proxies and passwords, with one clock for all hops."""

    def __init__(self, *, timeout: float, largest: int) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = HOPS
        self.headers["Accept-Encoding"] = "identity"
        self.headers["User-Agent"] = "mentoring"
        self._timeout = timeout
        self._until: float | None = None
        guarded = _Guarded(largest)
        self.mount("https://", guarded)
        self.mount("http://", guarded)

    def send(self, request: requests.PreparedRequest, **given: Any) -> requests.Response:
        """One request with its redirects. Errors: ``Refused``, those of ``requests``."""
        outermost = self._until is None
        if self._until is None:
            self._until = time.monotonic() + self._timeout
        left = self._until - time.monotonic()
        try:
            if left <= 0:
                raise Refused(_slow(request))
            return super().send(request, **{**given, "timeout": left, "proxies": {}})
        finally:
            if outermost:
                self._until = None


class _Watch:
    """Cuts a connection when its time is over, in whatever line of it the other side dawdles."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._timer: threading.Timer | None = None
        self._twin: socket.socket | None = None

    def over(self) -> bool:
        return time.monotonic() >= self._until

    def guard(self, sock: socket.socket) -> None:
        self._twin = sock.dup()  # the one that is wrapped for TLS loses its number
        self._timer = threading.Timer(max(0.0, self._until - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        with suppress(OSError):
            if self._twin is not None:
                self._twin.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *of: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._twin is not None:
            self._twin.close()


_watch: ContextVar[_Watch] = ContextVar("watch")


def _connected(connection: HTTPConnection) -> socket.socket:
    """Resolve once, look at every address, connect to what was looked at."""
    host = connection.host
    addresses = _addresses(connection, host, connection.port)
    if not _is_allowed(host, connection.port) and not all(map(is_public, addresses)):
        raise _Barred(f"{host} does not lead to a server on the open internet.")
    problem: OSError = OSError("no address")
    for address in addresses:
        try:
            timeout = connection.timeout
            seconds = timeout if isinstance(timeout, int | float) else TIMEOUT
            sock = socket.create_connection((address, connection.port), seconds)
        except OSError as refused:
            problem = refused
            continue
        _watch.get().guard(sock)
        return sock
    raise NewConnectionError(connection, str(problem))


def _addresses(connection: HTTPConnection, host: str, port: int) -> list[str]:
    if host.endswith(".localhost") and _is_allowed(host, port):
        return ["127.0.0.1"]  # by definition, and not every resolver knows it
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        unknown = problem if isinstance(problem, socket.gaierror) else socket.gaierror(str(problem))
        raise NameResolutionError(host, connection, unknown) from None
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self)


class _Secured(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecuredPool(HTTPSConnectionPool):
    ConnectionCls = _Secured


class _Guarded(HTTPAdapter):
    """Looks at each hop's address, and reads no more and no longer than agreed."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        super().__init__(max_retries=0)

    def init_poolmanager(self, *of: Any, **given: Any) -> None:
        self.poolmanager = PoolManager(*of, **given)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecuredPool}

    def send(self, request: requests.PreparedRequest, **given: Any) -> requests.Response:  # type: ignore[override]
        check(request.url or "")
        host, together = _host(request.url), settings.OUTGOING_AT_ONCE
        with _places.held(f"at {host}", f"of {_site()}", together=together) as is_mine:
            if not is_mine:
                raise Busy(f"Others are waiting for {host} already. Try again in a minute.")
            return self._sent(request, **given)

    def _sent(self, request: requests.PreparedRequest, **given: Any) -> requests.Response:
        request.headers["Connection"] = "close"
        with _Watch(given["timeout"]) as watch:
            token = _watch.set(watch)
            try:
                answer = super().send(request, **{**given, "stream": True, "proxies": {}})
                answer._content = self._read(answer, request)
            except _Barred as barred:
                raise Refused(str(barred)) from None
            except (RequestException, HTTPError, OSError) as problem:
                if watch.over():
                    raise Refused(_slow(request)) from None
                if isinstance(problem, RequestException):
                    raise
                raise requests.ConnectionError(problem, request=request) from None
            finally:
                _watch.reset(token)
            if watch.over():  # a connection that was cut can look like an ended answer
                raise Refused(_slow(request))
        answer._content_consumed = True  # type: ignore[attr-defined]
        return answer

    def _read(self, answer: requests.Response, request: requests.PreparedRequest) -> bytes:
        """What was sent, unpacked; neither may be larger than agreed."""
        pieces, size = [], 0
        try:
            while piece := answer.raw.read1(_PIECE, decode_content=False):
                size += len(piece)
                if size > self._largest:
                    raise _Barred(self._large(request))
                pieces.append(piece)
        finally:
            answer.raw.close()
        body = b"".join(pieces)
        coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if coding in {"gzip", "x-gzip", "deflate"} and body:
            try:
                body = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, self._largest + 1)
            except zlib.error:
                raise _Barred(f"{_host(request.url)} sent what cannot be read.") from None
            if len(body) > self._largest:
                raise _Barred(self._large(request))
        elif coding not in {"identity", ""} and body:
            raise _Barred(f"{_host(request.url)} sent what cannot be read.")
        return body

    def _large(self, request: requests.PreparedRequest) -> str:
        return f"{_host(request.url)} sent more than {self._largest:,} bytes."


def _is_allowed(host: str, port: int) -> bool:
    """Demo and tests alone have such hosts; a check of deployments refuses them."""
    return f"{host}:{port}" in settings.OUTGOING_ALLOWED_HOSTS


def _host(url: str | None) -> str:
    with suppress(ValueError):
        return urlsplit(url or "").hostname or "The server"
    return "The server"


def _site() -> str:
    with suppress(RuntimeError):
        return current_site().key
    return ""


def _slow(request: requests.PreparedRequest) -> str:
    return f"{_host(request.url)} took too long to answer."
