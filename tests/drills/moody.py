"""An OpenID Connect provider with moods: slow, cut off now and then, a new key each time."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

CLIENT = "mentoring"
PUBLISHED = 24
"""So many keys are told of: as many sign-ins can be under way."""


class Moody:
    """The provider. A code is "<who>.<nonce>"; whoever has one has been there.

    delay: seconds before each answer. flaps: every fourth call is cut off. turns: each token is
    signed with a key of its own.
    """

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.host = f"127.0.0.1:{port}"
        self.delay, self.flaps, self.turns = 0.0, False, False
        self.asked = count(1)
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.keys: list[tuple[str, ec.EllipticCurvePrivateKey]] = []
        self.turn()

    def turn(self) -> tuple[str, ec.EllipticCurvePrivateKey]:
        """Take a new key and forget the oldest."""
        with self.lock:
            self.keys = [
                *self.keys[-PUBLISHED + 1 :],
                (f"key{time.monotonic_ns()}", ec.generate_private_key(ec.SECP256R1())),
            ]
            return self.keys[-1]

    def answer(self, path: str, asked: dict[str, str], bearer: str) -> dict[str, Any]:
        """What is said at an address."""
        if path.endswith("/openid-configuration"):
            return {
                "issuer": self.base,
                "authorization_endpoint": f"{self.base}/authorize",
                "token_endpoint": f"{self.base}/token",
                "userinfo_endpoint": f"{self.base}/me",
                "jwks_uri": f"{self.base}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            return {
                "keys": [
                    json.loads(ECAlgorithm.to_jwk(key.public_key()))
                    | {"kid": kid, "alg": "ES256", "use": "sig"}
                    for kid, key in self.keys
                ]
            }
        if path == "/me":
            return _claims(bearer)
        who, _, nonce = asked["code"].partition(".")
        kid, key = self.turn() if self.turns else self.keys[-1]
        told = _claims(who) | {
            "iss": self.base, "aud": CLIENT, "nonce": nonce,
            "iat": int(time.time()), "exp": int(time.time()) + 300,
        }  # fmt: skip
        token = jwt.encode(told, key, algorithm="ES256", headers={"kid": kid})
        return {"access_token": who, "token_type": "Bearer", "id_token": token}


def _claims(who: str) -> dict[str, Any]:
    return {
        "sub": who, "email": f"{who}@society.example", "email_verified": True,
        "given_name": "Mira", "family_name": who.capitalize(),
    }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    moody: Moody

    def do_GET(self) -> None:
        moody = self.moody
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        with moody.lock:
            number = next(moody.asked)
            moody.at_once += 1
            moody.most_at_once = max(moody.most_at_once, moody.at_once)
        try:
            time.sleep(moody.delay)
            if moody.flaps and number % 4 == 0:
                self.close_connection = True
                return
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            said = moody.answer(urlsplit(self.path).path, dict(parse_qsl(body)), bearer)
        finally:
            with moody.lock:
                moody.at_once -= 1
        content = json.dumps(said).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, *of: Any) -> None:
        """Figures are printed, nothing else."""


@contextmanager
def provider() -> Iterator[Moody]:
    """A provider that runs for the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    moody = Moody(server.server_address[1])
    server.RequestHandlerClass = type("Handler", (_Handler,), {"moody": moody})
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield moody
    finally:
        server.shutdown()
        server.server_close()
