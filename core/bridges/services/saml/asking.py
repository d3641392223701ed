"""Sending a person to the provider, and remembering that this browser was sent."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from lxml import etree

from core.bridges.models import Provider
from core.bridges.services.saml import metadata, ours
from core.bridges.services.saml.documents import ASSERTION, POST, PROTOCOL, Element, moment, written
from core.kernel.clock import now

SESSION_KEY = "saml_asked"
SECONDS = 900
MOST_AT_ONCE = 5


@dataclass(frozen=True)
class Asked:
    """What a browser was sent off with. then: a path of this site, or empty. since: the person has
    to sign in at the provider after that, if it is not None."""

    id: str
    then: str
    is_test: bool
    since: datetime | None


@dataclass(frozen=True)
class Onward:
    """Where a person goes, with our question in the address, or in a form's field."""

    address: str
    field: str = ""


def begin(
    request: HttpRequest,
    provider: Provider,
    party: metadata.Party,
    *,
    then: str,
    is_test: bool,
    afresh: bool = False,
) -> Onward:
    """Out: the way to the provider with our signed question.

    The question's number is kept in the session, so that the answer counts in this browser alone,
    and in the cache, so that it counts once. Where to go afterwards stays with us as well: nothing
    that comes back says it.
    """
    number = f"_{secrets.token_hex(20)}"
    kept = dict(request.session.get(SESSION_KEY, {}))
    while len(kept) >= MOST_AT_ONCE:
        kept.pop(next(iter(kept)))
    kept[number] = {
        "key": provider.key,
        "then": then,
        "is_test": is_test,
        "since": written(now()) if afresh else "",
    }
    request.session[SESSION_KEY] = kept
    cache.set(_cached(number), provider.key, SECONDS)
    message = _message(provider, party, number, afresh=afresh)
    if party.takes_forms:
        return Onward(party.sign_in, ours.signed_field(provider, message))
    return Onward(ours.signed_address(provider, party.sign_in, message))


def is_open(number: str, provider: Provider) -> bool:
    """Whether a question of this number waits for the provider's answer."""
    return bool(number) and cache.get(_cached(number)) == provider.key


def use_up(number: str) -> bool:
    """Take the question away; False for whoever comes second."""
    return bool(cache.delete(_cached(number)))


def take_back(request: HttpRequest, number: str, provider: Provider) -> Asked | None:
    """Out: what this browser was sent off with, once; None when another browser was."""
    kept = dict(request.session.get(SESSION_KEY, {}))
    found = kept.pop(number, None)
    request.session[SESSION_KEY] = kept
    if not isinstance(found, dict) or found.get("key") != provider.key:
        return None
    since = moment(found["since"]) if found["since"] else None
    return Asked(number, str(found["then"]), bool(found["is_test"]), since)


def _cached(number: str) -> str:
    return f"saml:asked:{number}"


def _message(provider: Provider, party: metadata.Party, number: str, *, afresh: bool) -> Element:
    message = etree.Element(
        f"{{{PROTOCOL}}}AuthnRequest",
        {
            "ID": number,
            "Version": "2.0",
            "IssueInstant": written(now()),
            "Destination": party.sign_in,
            "AssertionConsumerServiceURL": ours.answer_address(provider),
            "ProtocolBinding": POST,
            **({"ForceAuthn": "true"} if afresh else {}),
        },
        nsmap={"samlp": PROTOCOL, "saml": ASSERTION},
    )
    etree.SubElement(message, f"{{{ASSERTION}}}Issuer").text = ours.entity(provider)
    etree.SubElement(message, f"{{{PROTOCOL}}}NameIDPolicy", {"AllowCreate": "true"})
    return message
