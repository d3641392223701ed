"""The sites that may ask the society who somebody is: Connect, and those the secretary let in."""

import hmac
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from config.demo.society import place

TABLE = """
create table if not exists sites (
    client text primary key, name text not null, back text not null, out text not null,
    digest text not null
);
"""


@dataclass(frozen=True)
class Site:
    """A client of the OpenID provider. back: where members go after sign-in, out: after sign-out.

    is_agreed: Connect itself, which came with the demo and is not the secretary's to remove.
    """

    client: str
    name: str
    back: tuple[str, ...]
    out: tuple[str, ...]
    digest: str = field(repr=False)
    is_agreed: bool = False

    def knows(self, secret: str) -> bool:
        """Whether somebody who shows this secret is the site."""
        return bool(self.digest) and hmac.compare_digest(_digest(secret), self.digest)


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    place.folder().mkdir(parents=True, exist_ok=True)
    line = sqlite3.connect(place.folder() / "register.sqlite3", timeout=10)
    try:
        line.executescript(TABLE)
        with line:
            yield line
    finally:
        line.close()


def everybody() -> list[Site]:
    """Out: Connect first, then the others by name."""
    chosen = place.chosen()
    held = _digest(chosen.client_secret) if chosen.client_secret else ""
    connect = Site(place.CLIENT, "Connect", chosen.back, chosen.out, held, is_agreed=True)
    with _open() as line:
        rows = line.execute("select client, name, back, out, digest from sites order by name")
        return [
            connect,
            *(
                Site(client, name, (back,), (out,) if out else (), digest)
                for client, name, back, out, digest in rows.fetchall()
            ),
        ]


def known(client: str) -> Site | None:
    """Out: a site by its client ID."""
    return next((each for each in everybody() if each.client == client), None)


def admit(name: str, back: str, out: str) -> tuple[str, str]:
    """Let a site in. Out: its client ID, and its secret, which nobody sees again."""
    client, secret = f"site-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    with _open() as line:
        line.execute(
            "insert into sites (client, name, back, out, digest) values (?, ?, ?, ?, ?)",
            [client, name, back, out, _digest(secret)],
        )
    return client, secret


def remove(client: str) -> None:
    """Answer a site no more."""
    with _open() as line:
        line.execute("delete from sites where client = ?", [client])


def outs() -> set[str]:
    """Out: all addresses that sites have named for members who have signed out."""
    return {address for each in everybody() for address in each.out}


def origins() -> str:
    """Out: all sites as a content security policy names them."""
    addresses = [address for each in everybody() for address in (*each.back, *each.out)]
    parts = [urlsplit(address) for address in addresses]
    return " ".join(dict.fromkeys(f"{each.scheme}://{each.netloc}" for each in parts))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
