"""Ways out of the house: what is refused, what is cut, and where a connection really goes."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import override_settings

from config.checks import nothing_inside_is_reached
from core.kernel import at_once, outgoing

Says = Callable[[BaseHTTPRequestHandler], None]
PUBLIC = "93.184.215.14"
SEEN: list[dict[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    says: Says

    def do_GET(self) -> None:
        SEEN.append({"path": self.path, **self.headers})
        type(self).says(self)

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, *of: Any) -> None:
        """Tests are quiet."""


def _says(
    body: bytes, *, status: int = 200, headers: dict[str, str] | None = None, length: bool = True
) -> Says:
    def say(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in (headers or {}).items():
            to.send_header(name, value)
        if length:
            to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    return say


@contextmanager
def _server(says: Says, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    SEEN.clear()
    handler = type("Handler", (_Handler,), {"says": staticmethod(says)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    port: int = server.server_address[1]
    try:
        with override_settings(OUTGOING_ALLOWED_HOSTS=(f"127.0.0.1:{port}",)):
            yield port
    finally:
        server.shutdown()
        server.server_close()


def _resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Name servers give these answers, one after the other; out: the names that were asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, port: int, *of: Any, **given: Any) -> list[Any]:
        if not host.endswith("example.org"):
            return real(host, port, *of, **given)
        asked.append(host)
        told = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in told]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "127.0.0.1",
        "127.255.0.9",
        "0.0.0.0",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.251",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not outgoing.is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::808:808"]
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert outgoing.is_public(address)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://idp.example.org/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("gopher://idp.example.org/", "https://"),
        ("idp.example.org", "https://"),
        ("https://", "name of a server"),
        ("https://127.0.0.1/", "not a number"),
        ("https://2130706433/", "not a number"),
        ("https://0177.0.0.1/", "not a number"),
        ("https://0x7f.1/", "not a number"),
        ("https://0x7f000001/", "not a number"),
        ("https://127.1./", "not a number"),
        ("https://[::1]/", "not a number"),
        ("https://[fe80::1%25eth0]/", "not a number"),
        ("https://name:word@idp.example.org/", "password"),
        ("https://idp.example.org@10.0.0.1/", "password"),
        ("https://idp.example.org:22/", "port"),
        ("https://idp.example.org:5432/", "port"),
        ("https://idp.example.org:99999/", "not an address"),
        ("https://[::1/", "not an address"),
    ],
)
def test_an_address_of_the_wrong_shape_is_refused_before_anybody_is_asked(
    url: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _resolving(monkeypatch, [PUBLIC])
    with pytest.raises(outgoing.Refused, match=word):
        outgoing.fetch(url)
    assert asked == []


@pytest.mark.parametrize("told", [["10.0.0.7"], [PUBLIC, "127.0.0.1"], ["::ffff:169.254.169.254"]])
def test_a_name_that_leads_inside_is_refused_without_a_connection(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _resolving(monkeypatch, told)
    monkeypatch.setattr(socket, "create_connection", _never)
    with pytest.raises(outgoing.Refused, match="open internet"):
        outgoing.fetch("https://idp.example.org/")


def _never(*of: Any, **given: Any) -> socket.socket:
    raise AssertionError("a connection was opened")


def test_a_name_nobody_knows_is_said_to_be_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*of: Any, **given: Any) -> Any:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(outgoing.OutgoingFailed, match=r"idp\.example\.org could not be reached"):
        outgoing.fetch("https://idp.example.org/")


def test_a_name_that_changes_its_answer_is_asked_once_and_meant_by_its_certificate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tls, certificate = _tls_of("idp.example.org", tmp_path)
    names: list[str | None] = []
    tls.sni_callback = lambda wrapped, name, context: names.append(name)
    connect, aims = socket.create_connection, []
    with _server(_says(b"hello"), tls) as port:

        def to_us(address: tuple[str, int], *of: Any, **given: Any) -> socket.socket:
            aims.append(address)
            return connect(("127.0.0.1", port), *of, **given)

        asked = _resolving(monkeypatch, [PUBLIC], ["127.0.0.1"])
        monkeypatch.setattr(socket, "create_connection", to_us)
        with outgoing.session() as own:
            own.verify = str(certificate)
            assert own.get("https://idp.example.org/keys").text == "hello"
            with pytest.raises(outgoing.Refused, match="open internet"):
                own.get("https://idp.example.org/keys")
        _resolving(monkeypatch, [PUBLIC])
        with pytest.raises(outgoing.OutgoingFailed, match="certificate"):
            outgoing.fetch("https://idp.example.org/")
    assert asked == ["idp.example.org"] * 2
    assert aims[0] == (PUBLIC, 443)
    assert names[0] == "idp.example.org"
    assert [(each["path"], each["Host"]) for each in SEEN] == [("/keys", "idp.example.org")]


def _tls_of(name: str, folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return context, certificate


@pytest.mark.parametrize(
    ("to", "word"),
    [
        ("http://127.0.0.1:6379/", "https://"),
        ("http://idp.example.org/", "https://"),
        ("https://169.254.169.254/latest/meta-data/", "not a number"),
        ("https://inside.example.org/", "open internet"),
        ("https://a:b@idp.example.org/", "password"),
        ("file:///etc/passwd", "https://"),
        ("/again", "from one address to the next"),
    ],
)
def test_a_redirect_is_looked_at_like_the_first_address(
    to: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _server(_says(b"", status=302, headers={"Location": to})) as port:
        _resolving(monkeypatch, ["127.0.0.1"])
        with pytest.raises(outgoing.Refused, match=word):
            outgoing.fetch(f"http://127.0.0.1:{port}/")
        answer = outgoing.fetch(f"http://127.0.0.1:{port}/", method="POST", body=b"x")
    assert answer.status == 302


def test_an_answer_comes_back_with_status_headers_and_address() -> None:
    with _server(_says(b'{"a": 1}', status=404, headers={"X-Of": "Us"})) as port:
        answer = outgoing.fetch(f"http://127.0.0.1:{port}/a?b=c", headers={"X-To": "You"})
        plain = _says(gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
    assert (answer.status, answer.body) == (404, b'{"a": 1}')
    assert answer.headers["X-Of"] == "Us"
    assert answer.url == f"http://127.0.0.1:{port}/a?b=c"
    assert SEEN[0]["X-To"] == "You"
    with _server(plain) as port:
        assert outgoing.fetch(f"http://127.0.0.1:{port}/").body == b"hello"


@pytest.mark.parametrize(
    ("says", "word"),
    [
        (_says(b"x" * 2000), "more than 1,000 bytes"),
        (_says(b"x" * 2000, length=False), "more than 1,000 bytes"),
        (
            _says(gzip.compress(b"x" * 500_000), headers={"Content-Encoding": "gzip"}),
            "more than 1,000 bytes",
        ),
        (_says(b"xx", headers={"Content-Encoding": "gzip"}), "cannot be read"),
        (_says(b"xx", headers={"Content-Encoding": "br"}), "cannot be read"),
    ],
)
def test_an_answer_that_is_too_large_or_packed_strangely_is_refused(says: Says, word: str) -> None:
    with _server(says) as port, pytest.raises(outgoing.Refused, match=word):
        outgoing.fetch(f"http://127.0.0.1:{port}/", largest=1000)


@pytest.mark.parametrize("part", ["headers", "body"])
def test_an_answer_that_comes_in_drops_is_cut_when_its_time_is_over(part: str) -> None:
    done = threading.Event()

    def drip(to: BaseHTTPRequestHandler) -> None:
        if part == "body":
            to.send_response(200)
            to.end_headers()
        else:
            to.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        try:
            while not done.wait(0.05):
                to.wfile.write(b"x")
        except OSError:
            to.close_connection = True

    with _server(drip) as port:
        try:
            with pytest.raises(outgoing.Refused, match="too long"):
                outgoing.fetch(f"http://127.0.0.1:{port}/", timeout=0.3)
        finally:
            done.set()


def test_proxies_and_passwords_of_the_environment_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with _server(_says(b"straight")) as port:
        url = f"http://127.0.0.1:{port}/"
        assert outgoing.fetch(url).body == b"straight"
        with outgoing.session() as own:
            assert own.get(url, proxies={"http": "http://127.0.0.1:9"}).text == "straight"
    assert "Authorization" not in SEEN[0]


def test_a_port_of_a_machine_of_ours_is_reached_only_when_it_is_named() -> None:
    with _server(_says(b"hello")) as port:
        with override_settings(OUTGOING_ALLOWED_HOSTS=(f"society.localhost:{port}",)):
            assert outgoing.fetch(f"http://society.localhost:{port}/").body == b"hello"
            with pytest.raises(outgoing.Refused):
                outgoing.fetch(f"http://127.0.0.1:{port}/")
            assert outgoing.is_named(f"http://society.localhost:{port}/membership")
            assert not outgoing.is_named(f"javascript://society.localhost:{port}/")
            assert not outgoing.is_named("http://[::1/")
        with (
            override_settings(OUTGOING_ALLOWED_HOSTS=("127.0.0.1:1",)),
            pytest.raises(outgoing.OutgoingFailed, match="could not be reached"),
        ):
            outgoing.fetch("http://127.0.0.1:1/")


def test_a_refusal_is_a_failed_request_to_libraries() -> None:
    with outgoing.session() as own, pytest.raises(requests.RequestException):
        own.get("http://idp.example.org/")


def test_a_deployment_that_allows_hosts_inside_is_refused() -> None:
    assert nothing_inside_is_reached(None) == []
    with override_settings(OUTGOING_ALLOWED_HOSTS=("127.0.0.1:9000",)):
        (found,) = nothing_inside_is_reached(None)
    assert found.id == "config.E002"
    assert "127.0.0.1:9000" in found.msg


@override_settings(OUTGOING_AT_ONCE=2)
def test_a_server_that_hangs_holds_one_thread_and_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(at_once, "PATIENCE", 0.05)
    here, free, told = threading.Event(), threading.Event(), []

    def hang(to: BaseHTTPRequestHandler) -> None:
        here.set()
        free.wait(10)
        _says(b"late")(to)

    with _server(hang) as port:
        url = f"http://127.0.0.1:{port}/"
        first = threading.Thread(target=lambda: told.append(outgoing.fetch(url).body))
        first.start()
        assert here.wait(10)
        for _ in range(3):
            with pytest.raises(outgoing.Busy, match="Others are waiting"):
                outgoing.fetch(url)
        assert len(SEEN) == 1
        free.set()
        first.join()
        assert outgoing.fetch(url).body == b"late"
    assert told == [b"late"]
