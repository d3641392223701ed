"""Reading what a person comes back with: whose word, for whom, for how long, and what it says.

Two readers must agree: python3-saml in its strict mode, which also checks the signature and the
schema, and the stricter rules here. Everything is read from the one signed assertion.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from lxml import etree
from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response as Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings as Settings

from core.bridges.models import Provider
from core.bridges.services.saml import opening, ours, own_keys, shapes
from core.bridges.services.saml.documents import (
    NAMES,
    POST,
    REDIRECT,
    Element,
    Unreadable,
    from_base64,
    moment,
    parsed,
    text_of,
)
from core.bridges.services.saml.metadata import TRANSIENT, Party
from core.kernel.clock import now

SKEW = timedelta(seconds=120)
LONGEST = timedelta(hours=24)
MOST_VALUES = 500
LONGEST_SUBJECT = 255
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"


class AnswerRefused(Exception):
    """The answer does not count; the message says why, for staff and the log."""


class NotSignedIn(AnswerRefused):
    """The provider says that it did not sign the person in."""


class UnknownKey(AnswerRefused):
    """It is signed with a key that is not among the provider's."""


@dataclass(frozen=True)
class Said:
    """What the provider says of a person. session: its name there. at: when they signed in there,
    as the provider wrote it."""

    subject: str
    format: str
    qualifiers: dict[str, str]
    session: str
    at: str
    claims: dict[str, Any] = field(default_factory=dict)


def number_of(field: str) -> str:
    """Which question a message says to answer, before anything of it is believed.

    Errors: ``AnswerRefused`` for what is no message at all.
    """
    try:
        return str(parsed(from_base64(field)).get("InResponseTo") or "")
    except Unreadable as problem:
        raise AnswerRefused(str(problem)) from None


def read(field: str, provider: Provider, party: Party, number: str) -> Said:
    """Out: what is said, when all of it is right and for the first time.

    In: the field of the form as it came, and the number of our question. Errors:
    ``AnswerRefused``.
    """
    try:
        root = parsed(from_base64(field))
        status = root.find("samlp:Status/samlp:StatusCode", NAMES)
        if root.tag == shapes.RESPONSE and status is not None and status.get("Value") != SUCCESS:
            raise NotSignedIn("The provider did not sign the person in.")
        key = provider.sp_key
        if opening.is_locked(root):
            root, key = opening.opened(root, own_keys.opening(provider))
        assertion = shapes.assertion_of(root)
        _second_opinion(field, provider, party, number, key, assertion)
        until = _check(root, assertion, provider, party, number)
        said = _said(assertion)
    except (Unreadable, shapes.Misshapen) as problem:
        raise AnswerRefused(str(problem)) from None
    _keep(assertion, party, until)
    return said


def subject_of(said: Said, provider: Provider) -> str:
    """Out: what a person is known by here: the NameID, or the attribute of the settings.

    Errors: ``AnswerRefused`` with a sentence for people when it is not there, or would not last.
    """
    attribute = provider.maps.subject
    if attribute:
        found = said.claims.get(attribute)
        if not isinstance(found, str) or len(found) > LONGEST_SUBJECT:
            raise AnswerRefused(
                f"{provider.name} did not send “{attribute}”, by which you are known here."
            )
        return found
    if said.format == TRANSIENT:
        raise AnswerRefused(
            f"{provider.name} gives a new name at each sign-in (a transient NameID). It must give "
            "one that stays, such as a persistent NameID."
        )
    return said.subject


def is_afresh(said: Said, since: datetime | None) -> bool:
    """Whether the person signed in at the provider after they were sent there, if they had to."""
    if since is None:
        return True
    try:
        return moment(said.at) >= since - SKEW
    except Unreadable:
        return False


def settings_for(provider: Provider, party: Party, key: str) -> Settings:
    """Both sides, as the library wants them. In: which key of ours opens the answer."""
    return Settings(
        {
            "strict": True,
            "debug": False,
            "sp": {
                "entityId": ours.entity(provider),
                "assertionConsumerService": {
                    "url": ours.answer_address(provider),
                    "binding": POST,
                },
                "privateKey": key,
            },
            "idp": {
                "entityId": party.entity,
                "singleSignOnService": {"url": party.sign_in, "binding": REDIRECT},
                "x509certMulti": {"signing": [one.pem for one in party.certificates]},
            },
            "security": {
                "wantAssertionsSigned": True,
                "wantAttributeStatement": False,
                "rejectDeprecatedAlgorithm": True,
                "allowRepeatAttributeName": True,
                "allowSingleLabelDomains": True,
                "requestedAuthnContext": False,
            },
        }
    )


def _second_opinion(
    field: str, provider: Provider, party: Party, number: str, key: str, assertion: Element
) -> None:
    """The library believes the answer too, and reads the same words when it opens it by itself."""
    address = urlsplit(ours.answer_address(provider))
    request: dict[str, Any] = {
        "https": "on" if address.scheme == "https" else "off",
        "http_host": address.netloc,
        "script_name": address.path,
        "get_data": {},
        "post_data": {},
    }
    try:
        read = Response(settings_for(provider, party, key), field)
        read.is_valid(request, number, raise_exceptions=True)
        theirs = read.get_xml_document().find("saml:Assertion", NAMES)
    except Exception as problem:  # the library raises of every kind, and none of them counts as yes
        unknown = getattr(problem, "code", None) == ValidationError.INVALID_SIGNATURE
        raise (UnknownKey if unknown else AnswerRefused)(str(problem)[:500]) from None
    same = theirs is not None and _canonical(theirs) == _canonical(assertion)
    _need(same, "It can be read in two ways.")


def _canonical(node: Element) -> bytes:
    made: bytes = etree.tostring(node, method="c14n", exclusive=True)
    return made


def _check(
    root: Element, assertion: Element, provider: Provider, party: Party, number: str
) -> datetime:
    """Out: until when the assertion counts. Errors: ``AnswerRefused``."""
    here, at = ours.answer_address(provider), now()
    _need(root.get("InResponseTo") == number, "It answers another question.")
    _need(root.get("Destination") in (None, here), "It was meant for another address.")
    for issuer in [*root.findall("saml:Issuer", NAMES), *assertion.findall("saml:Issuer", NAMES)]:
        _need(text_of(issuer) == party.entity, "It comes from another provider.")
    _need(len(assertion.findall("saml:Issuer", NAMES)) == 1, "It does not say who made it.")
    conditions = assertion.findall("saml:Conditions", NAMES)
    _need(len(conditions) == 1, "It does not say for whom it is.")
    ends = [_within(conditions[0], at)]
    audiences = conditions[0].findall("saml:AudienceRestriction", NAMES)
    own = ours.entity(provider)
    for audience in audiences:
        names = [text_of(one) for one in audience.findall("saml:Audience", NAMES)]
        _need(own in names, "It is meant for another site.")
    _need(bool(audiences), "It does not say for whom it is.")
    ends.append(_confirmed(assertion, here, number, at))
    statements = assertion.findall("saml:AuthnStatement", NAMES)
    _need(len(statements) == 1, "It does not say that somebody signed in.")
    until = statements[0].get("SessionNotOnOrAfter")
    _need(until is None or moment(until) > at, "The session at the provider is over.")
    return min(end for end in ends if end is not None)


def _within(node: Element, at: datetime) -> datetime | None:
    begins, ends = node.get("NotBefore"), node.get("NotOnOrAfter")
    _need(begins is None or moment(begins) - SKEW <= at, "It does not count yet.")
    _need(ends is None or at < moment(ends) + SKEW, "It no longer counts.")
    return moment(ends) if ends else None


def _confirmed(assertion: Element, here: str, number: str, at: datetime) -> datetime:
    for node in assertion.findall("saml:Subject/saml:SubjectConfirmation", NAMES):
        data = node.find("saml:SubjectConfirmationData", NAMES)
        if node.get("Method") != BEARER or data is None or not data.get("NotOnOrAfter"):
            continue
        if data.get("Recipient") == here and data.get("InResponseTo") == number:
            end = _within(data, at)
            assert end is not None
            return end
    raise AnswerRefused("It was not made for this question.")


def _said(assertion: Element) -> Said:
    names = assertion.findall("saml:Subject/saml:NameID", NAMES)
    _need(len(names) == 1, "It does not name the person.")
    subject = text_of(names[0])
    _need(0 < len(subject) <= LONGEST_SUBJECT, "It does not name the person.")
    claims: dict[str, Any] = {}
    for node in assertion.iterfind("saml:AttributeStatement/saml:Attribute", NAMES):
        values = [
            text for one in node.findall("saml:AttributeValue", NAMES) if (text := text_of(one))
        ]
        for name in {node.get("Name"), node.get("FriendlyName")} - {None, ""}:
            claims.setdefault(name, []).extend(values[:MOST_VALUES])
    statement = assertion.find("saml:AuthnStatement", NAMES)
    kinds = ("NameQualifier", "SPNameQualifier")
    return Said(
        subject=subject,
        format=names[0].get("Format") or "",
        qualifiers={key: names[0].get(key) for key in kinds if names[0].get(key)},
        session=statement.get("SessionIndex") or "",
        at=statement.get("AuthnInstant") or "",
        claims={
            key: values[0] if len(values) == 1 else values
            for key, values in claims.items()
            if values
        },
    )


def _keep(assertion: Element, party: Party, until: datetime) -> None:
    """Remember an assertion until it no longer counts. Errors: ``AnswerRefused`` the second time.

    The question that it answers is used up at the same time, in the same place: were the cache
    emptied, the question would be gone too, and the assertion would still not count.
    """
    name = sha256(f"{party.entity} {assertion.get('ID')}".encode()).hexdigest()
    seconds = (min(until, now() + LONGEST) - now() + 2 * SKEW).total_seconds()
    _need(cache.add(f"saml:seen:{name}", True, int(seconds)), "It was used before.")


def _need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AnswerRefused(otherwise)
