"""A member's browser, that goes from our site to the society's and back."""

from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

from tests.providers.openid import Visitor

MEMBER: Final[dict[str, Any]] = {
    "email": "mira.holt@society.example",
    "email_verified": True,
    "given_name": "Mira",
    "family_name": "Holt",
    "member_no": "M-1042",
    "standing": "current",
}
MAPPING: Final[dict[str, Any]] = {
    "number": "member_no",
    "status": "standing",
    "current_words": ["current"],
    "lapsed_words": ["lapsed"],
    "groups": "groups",
    "roles": {"mentoring-team": "coordinator"},
}


def asked_for(address: str) -> dict[str, str]:
    """The questions in an address."""
    return dict(parse_qsl(urlsplit(address).query))


def answer(client: Client, who: str, *, visitor: Visitor | None = None, **asked: str) -> str:
    """Out: the path with which the provider sends somebody back, not yet followed."""
    begun = client.get("/sign-in/society/", asked)
    assert begun.status_code == 302, begun.content.decode()
    address = begun["Location"]
    home = asked_for(address)["redirect_uri"]
    back = urlsplit((visitor or Visitor(who)).follow(address, home))
    return f"{back.path}?{back.query}"


def come_in(client: Client, who: str = "mira", **asked: Any) -> Any:
    """Go to the society, sign in there, come back. Out: our answer."""
    return client.get(answer(client, who, **asked))


def is_signed_in(client: Client) -> bool:
    """Whether somebody is signed in with this browser."""
    return "_auth_user_id" in client.session
