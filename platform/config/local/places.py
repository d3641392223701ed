"""Where the embedded servers of this checkout live. Starts nothing."""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config import env
from config.local import account

ROOT = Path(__file__).resolve().parents[3]


def state_folder() -> Path:
    """Out: the folder that keeps everything a demo makes (ITHACA_STATE_FOLDER or ``.state``)."""
    return Path(env.current().state_folder or ROOT / ".state").resolve()


def _mark(*parts: str) -> str:
    return hashlib.sha256(":".join([str(state_folder()), *parts]).encode()).hexdigest()[:10]


def socket_folder(purpose: str) -> Path:
    """Out: a short folder; socket addresses hold about 100 characters, checkouts may be deeper."""
    return Path(tempfile.gettempdir()) / f"mentoring-{_mark(purpose, str(os.geteuid()))}"


def servers_folder() -> Path:
    """Out: the state folder or, where root's PostgreSQL account cannot reach that, one it can."""
    if account.can_reach(account.unprivileged(), state_folder() / "any"):
        return state_folder()
    return Path("/var/tmp") / f"mentoring-{_mark('servers')}"  # noqa: S108 - kept over a restart


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

    def url(self, name: str) -> str:
        """Out: the same as a DATABASE_URL."""
        return f"postgresql://postgres@/{name}?host={self.socket_folder}"


@dataclass(frozen=True)
class Redis:
    """One embedded Redis: its data and its socket."""

    data: Path
    socket: Path
    durable: bool

    def url(self, database: int = 0) -> str:
        """Out: the REDIS_URL of one of its databases."""
        return f"unix://{self.socket}?db={database}"


def postgres(purpose: str) -> Postgres:
    """Out: the PostgreSQL of one purpose (``demo`` keeps its word, ``tests`` may forget)."""
    return Postgres(
        data=servers_folder() / purpose / "postgres",
        socket_folder=socket_folder(purpose),
        durable=purpose == "demo",
    )


def redis(purpose: str) -> Redis:
    """Out: the Redis of one purpose."""
    return Redis(
        data=state_folder() / purpose / "redis",
        socket=socket_folder(purpose) / "redis.sock",
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
