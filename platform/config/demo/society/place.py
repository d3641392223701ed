"""Where the society stands and what it keeps. Starts nothing."""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from config import env
from config.local import places

CLIENT = "connect"


@dataclass(frozen=True)
class Settings:
    """What the society and the site of its members have agreed on.

    client_secret: of the OpenID client. back: addresses to which members are sent after sign-in,
    out: after sign-out. start: begins a sign-in over there. reached: "host:port" of the web server
    that answers for `site`. scim, token: where and by what right changes of members are told.
    """

    client_secret: str = ""
    back: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    site: str = ""
    start: str = ""
    reached: str = ""
    scim: str = ""
    token: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def folder() -> Path:
    """Out: the society's own folder."""
    return places.state_folder() / "demo" / "society"


def port() -> int:
    """Out: the port beside the demo's."""
    return env.current().port + 1


def host() -> str:
    """Out: "host:port" as browsers and the platform write it."""
    return f"society.{env.current().base_host}:{port()}"


def address() -> str:
    """Out: the society's address, which is its name as an issuer, too."""
    return f"http://{host()}"


def write(given: Settings) -> None:
    """Keep what was agreed on; the file holds secrets, so it is the owner's alone."""
    folder().mkdir(parents=True, exist_ok=True)
    place = folder() / "settings.json"
    place.touch(mode=0o600)
    place.write_text(json.dumps(asdict(given), indent=2))
    chosen.cache_clear()


@cache
def chosen() -> Settings:
    """Out: what was agreed on before the society opened."""
    place = folder() / "settings.json"
    if not place.exists():
        return Settings()
    said = json.loads(place.read_text())
    return Settings(**{**said, "back": tuple(said["back"]), "out": tuple(said["out"])})


def secret() -> str:
    """Out: what signs the society's cookies, drawn once."""
    return _drawn("cookies", lambda: secrets.token_urlsafe(60).encode()).decode()


@cache
def key() -> rsa.RSAPrivateKey:
    """Out: the key that signs its ID tokens, drawn once."""

    def draw() -> bytes:
        return rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    read = serialization.load_pem_private_key(_drawn("key.pem", draw), None)
    assert isinstance(read, rsa.RSAPrivateKey)
    return read


def _drawn(name: str, draw: Callable[[], bytes]) -> bytes:
    place = folder() / name
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_bytes(draw())
    return place.read_bytes()
