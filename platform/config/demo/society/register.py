"""The society's register of members, and the grants that its OpenID provider has given."""

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import Any

from config.demo.society import place

TABLES = """
create table if not exists members (
    subject text primary key, number text unique not null, username text unique,
    first_name text not null, last_name text not null, email text unique not null,
    chapter text not null, since integer not null, status text not null, office text not null
);
create table if not exists grants (
    code text primary key, token text unique, said text not null, until real not null
);
"""


@dataclass(frozen=True)
class Member:
    """Somebody in the register. subject never changes; office is "secretary" or nothing."""

    subject: str
    number: str
    username: str | None
    first_name: str
    last_name: str
    email: str
    chapter: str
    since: int
    status: str = "current"
    office: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def is_current(self) -> bool:
        """Whether this year's fee is paid."""
        return self.status == "current"


COLUMNS = [each.name for each in fields(Member)]


class EmailHeld(Exception):
    """Another member has this address."""


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    place.folder().mkdir(parents=True, exist_ok=True)
    line = sqlite3.connect(place.folder() / "register.sqlite3", timeout=10)
    line.row_factory = sqlite3.Row
    try:
        line.executescript(TABLES)
        with line:
            yield line
    finally:
        line.close()


def members() -> list[Member]:
    """Out: everybody, by name."""
    with _open() as line:
        rows = line.execute("select * from members order by last_name, first_name, number")
        return [Member(**row) for row in rows.fetchall()]


def member(subject: str) -> Member | None:
    """Out: somebody by the key that never changes."""
    return _one("subject = ?", subject)


def called(who: str) -> Member | None:
    """Out: somebody by what they sign in with: number, e-mail address, or a name of the demo."""
    return _one("number = :who or lower(email) = lower(:who) or username = lower(:who)", who=who)


def _one(where: str, *of: str, **given: str) -> Member | None:
    with _open() as line:
        chosen: Any = given or of
        row = line.execute(f"select * from members where {where}", chosen).fetchone()  # noqa: S608
        return Member(**row) if row else None


def enrol(new: Member) -> Member:
    """Add somebody; whoever has the number already stays as they are."""
    marks = ", ".join("?" for _ in COLUMNS)
    with _open() as line:
        line.execute(
            f"insert or ignore into members ({', '.join(COLUMNS)}) values ({marks})",  # noqa: S608
            [asdict(new)[name] for name in COLUMNS],
        )
    return called(new.number) or new


def change(of: Member, **fresh: str) -> Member:
    """Out: the member with new values. Errors: ``EmailHeld``."""
    put = ", ".join(f"{name} = ?" for name in fresh)
    try:
        with _open() as line:
            line.execute(
                f"update members set {put} where subject = ?",  # noqa: S608 - names of ours
                [*fresh.values(), of.subject],
            )
    except sqlite3.IntegrityError:
        raise EmailHeld from None
    return replace(of, **fresh)  # type: ignore[arg-type]


def subject() -> str:
    """Out: a key for somebody new."""
    return secrets.token_hex(16)


# --- grants: a code is good once and for a minute, its token for five ----------------------------
CODE_SECONDS = 60
TOKEN_SECONDS = 300


def give_code(said: dict[str, Any]) -> str:
    """Out: a code for what was asked."""
    code = secrets.token_urlsafe(32)
    with _open() as line:
        line.execute("delete from grants where until < ?", [time.time() - TOKEN_SECONDS])
        line.execute(
            "insert into grants (code, said, until) values (?, ?, ?)",
            [_digest(code), json.dumps(said), time.time() + CODE_SECONDS],
        )
    return code


def take_code(code: str) -> tuple[dict[str, Any], str] | None:
    """Out: what was asked and an access token, once; a code shown twice ends its token, too."""
    token = secrets.token_urlsafe(32)
    with _open() as line:
        taken = line.execute(
            "update grants set token = ?, until = ? where code = ? and token is null and until > ?"
            " returning said",
            [_digest(token), time.time() + TOKEN_SECONDS, _digest(code), time.time()],
        ).fetchone()
        if taken is None:
            line.execute("update grants set until = 0 where code = ?", [_digest(code)])
            return None
        return json.loads(taken["said"]), token


def granted(token: str) -> dict[str, Any] | None:
    """Out: what an access token was given for."""
    with _open() as line:
        row = line.execute(
            "select said from grants where token = ? and until > ?", [_digest(token), time.time()]
        ).fetchone()
    return json.loads(row["said"]) if row else None


def _digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()
