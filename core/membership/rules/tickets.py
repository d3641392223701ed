"""The signed ticket with which the society's site hands a member over (product A6).

A JSON Web Token, HS256, with these claims: `aud` the address of this institute's site, `sub` the
society's own key of the member, `iat` and `exp` at most five minutes apart, `jti` of which each is
good once; then what is known of the member.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import jwt

from core.membership.rules.records import LONGEST_SUBJECT, Record, Status

ALGORITHM: Final = "HS256"
LIVES: Final = 300
"""Seconds: the longest life of a ticket."""
SKEW: Final = 60
"""Seconds by which the clock of the society's site may be wrong, either way."""
LONGEST: Final = 8000
ROLES: Final = ("mentor", "mentee")


class TicketRefused(ValueError):
    """A ticket that is not good; the text says why, for whoever builds the society's side."""


@dataclass(frozen=True)
class Ticket:
    """What a good ticket says."""

    record: Record
    jti: str
    ends_at: datetime
    target: str


def kid_of(token: str) -> str:
    """Which key a ticket says it is signed with. Errors: TicketRefused."""
    if not token or len(token) > LONGEST:
        raise TicketRefused("There is no ticket, or it is too long.")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise TicketRefused("This is not a JSON Web Token.") from None
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str):
        raise TicketRefused("The ticket must be signed with HS256 and name its key in “kid”.")
    return kid


def read(token: str, *, secret: str, audience: str, at: datetime) -> Ticket:
    """Out: what a ticket says that is signed with this secret, for this site, and fresh.

    Errors: TicketRefused.
    """
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            options={"require": ["aud", "exp", "iat", "jti", "sub"], "verify_aud": False,
                     "verify_exp": False, "verify_iat": False},
        )  # fmt: skip
    except jwt.MissingRequiredClaimError as missing:
        raise TicketRefused(f"The ticket has no “{missing.claim}”.") from None
    except jwt.InvalidTokenError:
        raise TicketRefused("The signature of the ticket is not right.") from None
    if not isinstance(claims["aud"], str) or claims["aud"].rstrip("/") != audience.rstrip("/"):
        raise TicketRefused("The ticket is for another site (aud).")
    ends_at = _check_times(claims, at)
    subject, jti = claims["sub"], claims["jti"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise TicketRefused("“sub” must be a text of at most 255 characters.")
    if not isinstance(jti, str) or not 8 <= len(jti) <= 128:
        raise TicketRefused("“jti” must be a text of 8 to 128 characters.")
    return Ticket(_record(claims), jti, ends_at, _target(claims.get("next")))


def _check_times(claims: dict[str, Any], at: datetime) -> datetime:
    begins, ends = claims["iat"], claims["exp"]
    if not all(isinstance(one, int | float) and 0 < one < 2**40 for one in (begins, ends)):
        raise TicketRefused("“iat” and “exp” must be seconds since 1970.")
    present = at.timestamp()
    if begins > present + SKEW:
        raise TicketRefused("The ticket comes from the future (iat): check the clock.")
    if not 0 < ends - begins <= LIVES:
        raise TicketRefused("The ticket must end at most five minutes after it was made (exp).")
    if ends <= present - SKEW:
        raise TicketRefused("The ticket has expired (exp).")
    return datetime.fromtimestamp(ends + SKEW, tz=UTC)


def _record(claims: dict[str, Any]) -> Record:
    status = claims.get("status")
    if status is not None and status not in [one.value for one in Status]:
        raise TicketRefused("“status” must be current, lapsed or ended.")
    answers = claims.get("profile", {})
    roles = claims.get("roles", [])
    if not isinstance(answers, dict) or not isinstance(roles, list):
        raise TicketRefused("“profile” must be an object and “roles” a list.")
    texts = {name: claims.get(name) for name in ("email", "given_name", "family_name", "number")}
    if not all(value is None or isinstance(value, str) for value in texts.values()):
        raise TicketRefused("Address, names and number must be texts.")
    return Record(
        subject=claims["sub"],
        email=texts["email"] or "",
        email_verified=claims.get("email_verified") is True,
        first_name=texts["given_name"],
        last_name=texts["family_name"],
        number=texts["number"],
        status=status,
        answers=answers,
        roles=tuple(role for role in ROLES if role in roles),
    )


def _target(path: object) -> str:
    """A path of this site, or ""; anything that could lead elsewhere is left out."""
    if not isinstance(path, str) or not path.startswith("/") or path.startswith(("//", "/\\")):
        return ""
    parts = urlsplit(path)
    plain = not parts.scheme and not parts.netloc and "\\" not in path
    return path if plain and path.isprintable() else ""
