"""Where the embedded servers of this checkout live. Starts nothing."""

import getpass
import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config import env

ROOT = Path(__file__).resolve().parents[3]


def state_folder() -> Path:
    """Out: the folder that keeps everything a demo makes (ITHACA_STATE_FOLDER or ``.state``)."""
    return Path(env.current().state_folder or ROOT / ".state").resolve()


def _socket_folder(purpose: str) -> Path:
    """A short folder: socket addresses hold about 100 characters, checkouts may be deeper."""
    mark = hashlib.sha256(f"{state_folder()}:{purpose}:{os.getuid()}".encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"mentoring-{getpass.getuser()[:12]}-{mark}"


@dataclass(frozen=True)
class Postgres:
    """One embedded PostgreSQL: its data and the folder of its socket."""

    data: Path
    socket_folder: Path
    durable: bool

    def settings(self, name: str) -> dict[str, str]:
        """Out: what Django's DATABASES wants for one of its databases."""
        return {
            "NAME": name,
            "USER": "postgres",
            "PASSWORD": "",
            "HOST": str(self.socket_folder),
            "PORT": "",
        }


@dataclass(frozen=True)
class Redis:
    """One embedded Redis: its data and its socket."""

    data: Path
    socket: Path
    durable: bool


def postgres(purpose: str) -> Postgres:
    """Out: the PostgreSQL of one purpose (``demo`` keeps its word, ``tests`` may forget)."""
    return Postgres(
        data=state_folder() / purpose / "postgres",
        socket_folder=_socket_folder(purpose),
        durable=purpose == "demo",
    )


def redis(purpose: str) -> Redis:
    """Out: the Redis of one purpose."""
    return Redis(
        data=state_folder() / purpose / "redis",
        socket=_socket_folder(purpose) / "redis.sock",
        durable=purpose == "demo",
    )


def secret_key() -> str:
    """Out: the demo's own secret key, drawn once and kept in its state folder."""
    place = state_folder() / "demo" / "secret-key"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(secrets.token_urlsafe(60))
    return place.read_text()
