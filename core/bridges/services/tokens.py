"""Reading what an OpenID Connect provider has signed: with a public key of its own, for us."""

from collections.abc import Sequence
from typing import Any, Final

import jwt

from core.bridges.models import Provider

SKEW: Final = 120
"""Seconds by which the clocks of a provider and ours may differ."""
OLDEST: Final = 600
"""Seconds after which a token is no answer to a question of ours, and no news."""
LONGEST: Final = 50_000
ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
UNREADABLE: Final = (
    jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, RecursionError,
)  # fmt: skip
"""What reading a token raises that does not count."""


def header_of(token: str) -> dict[str, Any]:
    """The head of a token, before anything of it is believed. Errors: those of `UNREADABLE`."""
    if len(token) > LONGEST:
        raise ValueError("too long")
    found: dict[str, Any] = jwt.get_unverified_header(token)
    if found.get("alg") not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError("not an algorithm with a public key")
    return found


def claims_of(
    row: Provider, token: str, keys: list[dict[str, Any]], needed: Sequence[str]
) -> dict[str, Any]:
    """The claims of a token that one of the keys signed, of this issuer and for our client.

    Errors: those of `UNREADABLE`.
    """
    header = header_of(token)
    algorithm = str(header["alg"])
    claims: dict[str, Any] = jwt.decode(
        token,
        key=_key(keys, header.get("kid"), algorithm),
        algorithms=[algorithm],
        audience=row.client_id,
        issuer=row.issuer,
        leeway=SKEW,
        options={"require": ["iss", "aud", "iat", *needed]},
    )
    return claims


def _key(keys: list[dict[str, Any]], kid: Any, algorithm: str) -> Any:
    """The one key that can have signed; KeyError when there is none or more than one."""
    fitting = [
        key
        for key in keys
        if (kid is None or key.get("kid") == kid)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and key.get("kty") in ("RSA", "EC", "OKP")
    ]
    if len(fitting) != 1:
        raise KeyError("no single key")
    return jwt.PyJWK(fitting[0], algorithm=algorithm).key
