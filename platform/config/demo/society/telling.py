"""The society tells the site of its members what has changed: SCIM 2.0, by a token."""

import http.client
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from config.demo.society import place
from config.demo.society.register import Member

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
MEMBER = "urn:ietf:params:scim:schemas:extension:membership:2.0:User"
TIMEOUT = 10


@dataclass(frozen=True)
class Told:
    """Whether the site knows it now, and the sentence for whoever asked for the change."""

    done: bool
    sentence: str


def tell(who: Member, before: Member) -> Told:
    """Say how somebody stands; somebody without an account over there comes by first sign-in.

    In: `before` is the member as Connect may still know them.
    """
    chosen = place.chosen()
    if not chosen.scim or not chosen.token:
        return Told(False, "Connect has not been told: no connection has been agreed on.")
    try:
        key = _found(f'externalId eq "{who.subject}"') or _found(f'userName eq "{who.number}"')
        key = key or _found(f'emails.value eq "{before.email}"')
        if key is None:
            return Told(True, "There is no account on Connect yet; the first sign-in makes one.")
        _ask("PUT", f"/{quote(key, safe='')}", resource(who))
    except _Failed as failed:
        return Told(False, f"Connect could not be told: {failed}")
    return Told(True, "Connect has been told.")


def resource(who: Member) -> dict[str, Any]:
    """Out: a member as SCIM writes a user."""
    return {
        "schemas": [USER, MEMBER],
        "externalId": who.subject,
        "userName": who.number,
        "name": {"givenName": who.first_name, "familyName": who.last_name},
        "displayName": who.name,
        "emails": [{"value": who.email, "type": "work", "primary": True}],
        "active": True,
        MEMBER: {"number": who.number, "status": who.status},
    }


def _found(wanted: str) -> str | None:
    """Under which key Connect knows somebody."""
    found = _ask("GET", f"?filter={quote(wanted)}")
    return str(found["Resources"][0]["id"]) if found.get("totalResults") else None


class _Failed(Exception):
    """The site was not there, or did not want it."""


def _ask(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    chosen = place.chosen()
    url = urlsplit(chosen.scim)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    line = kind(chosen.reached or url.netloc, timeout=TIMEOUT)
    headers = {
        "Host": url.netloc,
        "Authorization": f"Bearer {chosen.token}",
        "Accept": "application/scim+json",
        "Content-Type": "application/scim+json",
    }
    try:
        line.request(method, f"{url.path}{path}", json.dumps(body) if body else None, headers)
        answer = line.getresponse()
        said = answer.read()
    except (OSError, http.client.HTTPException):
        raise _Failed("it does not answer.") from None
    finally:
        line.close()
    told: Any = {}
    with suppress(ValueError):
        told = json.loads(said or b"{}")
    if answer.status >= 300:
        detail = told.get("detail") if isinstance(told, dict) else ""
        raise _Failed(detail or f"it answered {answer.status}.")
    return told if isinstance(told, dict) else {}
