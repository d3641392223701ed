"""OpenID Connect: the code flow with PKCE, for the sites that the society knows."""

import base64
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlencode

import jwt
from jwt.algorithms import RSAAlgorithm

from config.demo.society import place, register, sites
from config.demo.society.register import Member

SCOPES = ("openid", "profile", "email", "membership")
TOKEN_SECONDS = 300


class Wrong(Exception):
    """A request that gets no redirect: nobody knows where it would lead."""


class Error(Exception):
    """An error of the protocol: its short name, and words for whoever reads logs."""

    def __init__(self, name: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.name, self.words, self.status = name, words, status


@dataclass(frozen=True)
class Asked:
    """A request to sign somebody in."""

    back: str
    state: str
    said: dict[str, Any]
    prompt: str
    max_age: int | None


def discovery() -> dict[str, Any]:
    """Out: what clients read first."""
    own = place.address()
    return {
        "issuer": own,
        "authorization_endpoint": f"{own}/oidc/authorise",
        "token_endpoint": f"{own}/oidc/token",
        "userinfo_endpoint": f"{own}/oidc/userinfo",
        "jwks_uri": f"{own}/oidc/keys",
        "end_session_endpoint": f"{own}/oidc/end-session",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": list(SCOPES),
        "claims_supported": ["sub", "auth_time", *_claims_of(_NOBODY, SCOPES)],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def keys() -> dict[str, Any]:
    """Out: the public key, by the name that tokens give it."""
    public = RSAAlgorithm.to_jwk(place.key().public_key(), as_dict=True)
    return {"keys": [{**public, "use": "sig", "alg": "RS256", "kid": _name_of_key()}]}


def read(given: dict[str, str]) -> Asked:
    """Out: a request to sign in. Errors: ``Wrong``; ``Refused`` for what may go back."""
    back, state = given.get("redirect_uri", ""), given.get("state", "")
    site = sites.known(given.get("client_id", ""))
    if site is None:
        raise Wrong("The society does not know the site that sent you here.")
    if back not in site.back:
        raise Wrong("The site that sent you here gave an address that is not its own.")
    wanted = [each for each in given.get("scope", "").split() if each in SCOPES]
    age = given.get("max_age", "")
    problem = _problem(given, wanted, age)
    if problem is not None:
        raise Refused(problem, back, state)
    said = {
        "client": site.client,
        "back": back,
        "scopes": wanted,
        "nonce": given.get("nonce", ""),
        "challenge": given["code_challenge"],
    }
    return Asked(back, state, said, given.get("prompt", ""), int(age) if age else None)


class Refused(Exception):
    """An error that the client is told by redirect."""

    def __init__(self, error: Error, back: str, state: str) -> None:
        super().__init__(error.words)
        self.location = _with(
            back, error=error.name, error_description=error.words, state=state, iss=place.address()
        )


def _problem(given: dict[str, str], wanted: list[str], age: str) -> Error | None:
    if given.get("response_type") != "code":
        return Error("unsupported_response_type", "Only the code flow is spoken here.")
    if "request" in given or "request_uri" in given:
        return Error("request_not_supported", "Request objects are not read here.")
    if "openid" not in wanted:
        return Error("invalid_scope", "The scope openid is missing.")
    if given.get("code_challenge_method") != "S256" or len(given.get("code_challenge", "")) != 43:
        return Error("invalid_request", "PKCE with S256 is needed.")
    if age and not (age.isascii() and age.isdigit() and len(age) < 10):
        return Error("invalid_request", "max_age is a number of seconds.")
    return None


def answer(asked: Asked, who: Member, at: int) -> str:
    """Out: where the browser goes with its code. In: when the member signed in."""
    said = {**asked.said, "subject": who.subject, "auth_time": at}
    code = register.give_code(said)
    return _with(asked.back, code=code, state=asked.state, iss=place.address())


def refuse(asked: Asked, name: str) -> str:
    """Out: where the browser goes with an error."""
    return Refused(Error(name, "Nobody is signed in here."), asked.back, asked.state).location


def exchange(given: dict[str, str], authorization: str) -> dict[str, Any]:
    """Out: the tokens for a code. Errors: ``Error``."""
    site = _client(given, authorization)
    if given.get("grant_type") != "authorization_code":
        raise Error("unsupported_grant_type", "Only codes are exchanged here.")
    taken = register.take_code(given.get("code", ""))
    if taken is None:
        raise Error("invalid_grant", "The code is unknown, too old, or was used before.")
    said, token = taken
    digest = sha256(given.get("code_verifier", "").encode()).digest()
    who = register.member(said["subject"])
    if (
        site.client != said["client"]
        or given.get("redirect_uri") != said["back"]
        or not hmac.compare_digest(_base64(digest), said["challenge"])
        or who is None
    ):
        register.take_code(given["code"])
        raise Error("invalid_grant", "The code was given to somebody else.")
    at = int(time.time())
    claims = {
        **claims_of(who, said["scopes"]),
        "iss": place.address(),
        "aud": site.client,
        "iat": at,
        "exp": at + TOKEN_SECONDS,
        "auth_time": said["auth_time"],
        "at_hash": _base64(sha256(token.encode()).digest()[:16]),
    }
    if said["nonce"]:
        claims["nonce"] = said["nonce"]
    signed = jwt.encode(claims, place.key(), "RS256", headers={"kid": _name_of_key()})
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": register.TOKEN_SECONDS,
        "id_token": signed,
        "scope": " ".join(said["scopes"]),
    }


def _client(given: dict[str, str], authorization: str) -> sites.Site:
    kind, _, coded = authorization.partition(" ")
    name, secret = given.get("client_id", ""), given.get("client_secret", "")
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
        except ValueError:
            name = ""
        name, secret = unquote(name), unquote(secret)
    site = sites.known(name)
    if site is None or not site.knows(secret):
        raise Error("invalid_client", "The client is unknown or its secret is wrong.", 401)
    return site


def userinfo(authorization: str) -> dict[str, Any]:
    """Out: the claims of whoever an access token is for. Errors: ``Error``."""
    kind, _, token = authorization.partition(" ")
    said = register.granted(token) if kind.lower() == "bearer" else None
    who = register.member(said["subject"]) if said else None
    if said is None or who is None:
        raise Error("invalid_token", "The token is unknown or too old.", 401)
    return claims_of(who, said["scopes"])


def claims_of(who: Member, scopes: Sequence[str]) -> dict[str, Any]:
    """Out: what the scopes let the client know of a member."""
    return {"sub": who.subject, **_claims_of(who, scopes)}


def _claims_of(who: Member, scopes: Sequence[str]) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    if "profile" in scopes:
        claims |= {"name": who.name, "given_name": who.first_name, "family_name": who.last_name}
    if "email" in scopes:
        claims |= {"email": who.email, "email_verified": True}
    if "membership" in scopes:
        claims |= {
            "membership_number": who.number,
            "membership_status": who.status,
            "society": who.chapter,
            "groups": [who.office] if who.office else [],
        }
    return claims


def leaver(hint: str) -> str:
    """Out: whose ID token this is, however old; "" for none of ours."""
    try:
        said = jwt.decode(
            hint,
            place.key().public_key(),
            ["RS256"],
            audience=[each.client for each in sites.everybody()],
            issuer=place.address(),
            options={"verify_exp": False},
        )
    except jwt.InvalidTokenError:
        return ""
    return str(said["sub"])


def out_to(given: dict[str, str]) -> str:
    """Out: where a member goes after sign-out: an address that a site has named before."""
    asked = given.get("post_logout_redirect_uri", "")
    return _with(asked, state=given.get("state", "")) if asked in sites.outs() else ""


def _with(address: str, **given: str) -> str:
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _name_of_key() -> str:
    public = RSAAlgorithm.to_jwk(place.key().public_key(), as_dict=True)
    return sha256(public["n"].encode()).hexdigest()[:16]


_NOBODY = Member("", "", None, "", "", "", "", 0)
