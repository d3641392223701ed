"""Signing out on both sides: SAML's single log-out by redirects."""

import secrets
import zlib
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from urllib.parse import unquote_plus

from allauth.usersessions.models import UserSession
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from lxml import etree

from core.bridges.models import Provider
from core.bridges.services.leaving import IN_SESSION
from core.bridges.services.saml import opening, ours, own_keys
from core.bridges.services.saml.answers import SKEW, SUCCESS, AnswerRefused
from core.bridges.services.saml.documents import (
    ASSERTION,
    NAMES,
    PROTOCOL,
    Element,
    Unreadable,
    from_base64,
    moment,
    parsed,
    refuse_comments,
    text_of,
    written,
)
from core.bridges.services.saml.metadata import Party
from core.bridges.services.saml.shapes import Misshapen
from core.kernel.clock import now

LARGEST = 100_000
FRESH = timedelta(minutes=5)
LONGEST_RELAY = 512
SECONDS = 900
REQUEST = f"{{{PROTOCOL}}}LogoutRequest"
RESPONSE = f"{{{PROTOCOL}}}LogoutResponse"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True)
class SignedOut:
    """Whom the provider has signed out. sessions: there; empty for all. back: where our answer
    goes."""

    name: str
    sessions: frozenset[str]
    back: str


def farewell(provider: Provider, party: Party, facts: dict[str, str]) -> str:
    """Out: the address that signs a person out at the provider, or empty when it has none.

    In: what the session kept of the sign-in.
    """
    if not party.sign_out or not facts.get("name"):
        return ""
    number = f"_{secrets.token_hex(20)}"
    message = _message("LogoutRequest", provider, party.sign_out, number)
    kinds = {"Format": "format", "NameQualifier": "nq", "SPNameQualifier": "spnq"}
    named = {key: facts[kept] for key, kept in kinds.items() if facts.get(kept)}
    etree.SubElement(message, f"{{{ASSERTION}}}NameID", named).text = facts["name"]
    if facts.get("session"):
        etree.SubElement(message, f"{{{PROTOCOL}}}SessionIndex").text = facts["session"]
    cache.set(f"saml:leaving:{number}", provider.key, SECONDS)
    return ours.signed_address(provider, party.sign_out, message)


def is_goodbye(query: str, provider: Provider, party: Party) -> bool:
    """Whether the provider's answer says that the person is signed out there too.

    In: the address's query as it came. Errors: ``AnswerRefused`` for what is not its answer.
    """
    root, _ = _received(query, "SAMLResponse", RESPONSE, provider, party)
    number = root.get("InResponseTo") or ""
    known = bool(number) and cache.get(f"saml:leaving:{number}") == provider.key
    if not known or not cache.delete(f"saml:leaving:{number}"):
        raise AnswerRefused("It answers a question that was not asked.")
    status = root.find("samlp:Status/samlp:StatusCode", NAMES)
    return status is not None and status.get("Value") == SUCCESS


def heard(query: str, provider: Provider, party: Party) -> SignedOut:
    """Out: whom the provider signs out, and where to go on to. Errors: ``AnswerRefused``."""
    root, relay = _received(query, "SAMLRequest", REQUEST, provider, party)
    ends = root.get("NotOnOrAfter")
    if ends and now() >= moment(ends) + SKEW:
        raise AnswerRefused("It no longer counts.")
    names = root.findall("saml:NameID", NAMES)
    try:
        for holder in root.findall("saml:EncryptedID", NAMES):
            names.append(opening.name_in(holder, own_keys.opening(provider)))
    except Misshapen as problem:
        raise AnswerRefused(str(problem)) from None
    number = root.get("ID") or ""
    if len(names) != 1 or not number:
        raise AnswerRefused("It does not name the person.")
    if not cache.add(f"saml:heard:{provider.key}:{number}"[:200], True, SECONDS):
        raise AnswerRefused("It was used before.")
    sessions = frozenset(text_of(one) for one in root.findall("samlp:SessionIndex", NAMES))
    back = ""
    if party.sign_out_answer:
        own = f"_{secrets.token_hex(20)}"
        answer = _message("LogoutResponse", provider, party.sign_out_answer, own)
        answer.set("InResponseTo", number)
        status = etree.SubElement(answer, f"{{{PROTOCOL}}}Status")
        etree.SubElement(status, f"{{{PROTOCOL}}}StatusCode", {"Value": SUCCESS})
        back = ours.signed_address(provider, party.sign_out_answer, answer, relay)
    return SignedOut(text_of(names[0]), sessions, back)


def remember(name: str, provider: Provider, subject: str) -> None:
    """Note whom the provider means by a name that it does not use for long."""
    if name != subject:
        cache.set(_meant(name, provider), subject, settings.SESSION_COOKIE_AGE)


def subject_of(who: SignedOut, provider: Provider) -> str:
    """Out: what the person whom the provider signs out is known by here."""
    return str(cache.get(_meant(who.name, provider)) or who.name)


def _meant(name: str, provider: Provider) -> str:
    return "saml:meant:" + sha256(f"{provider.pk} {name}".encode()).hexdigest()


def is_of(facts: object, provider: Provider, who: SignedOut) -> bool:
    """Whether a session's sign-in is one that the provider has ended."""
    return (
        isinstance(facts, dict)
        and facts.get("provider") == str(provider.pk)
        and facts.get("name") == who.name
        and (not who.sessions or facts.get("session") in who.sessions)
    )


def end_sessions(person_id: object, provider: Provider, who: SignedOut) -> int:
    """End a person's sessions here that began with the session there; gives how many."""
    ended = 0
    for row in UserSession.objects.filter(user_id=person_id):
        if is_of(SessionStore(row.session_key).get(IN_SESSION), provider, who):
            row.end()
            ended += 1
    return ended


def _message(kind: str, provider: Provider, target: str, number: str) -> Element:
    message = etree.Element(
        f"{{{PROTOCOL}}}{kind}",
        {
            "ID": number,
            "Version": "2.0",
            "IssueInstant": written(now()),
            "Destination": target,
        },
        nsmap={"samlp": PROTOCOL, "saml": ASSERTION},
    )
    etree.SubElement(message, f"{{{ASSERTION}}}Issuer").text = ours.entity(provider)
    return message


def _received(
    query: str, field: str, tag: str, provider: Provider, party: Party
) -> tuple[Element, str]:
    """Out: a message that the provider signed for us just now, and its relay state."""
    try:
        fields = _verified(query, field, party)
        root = parsed(_inflated(from_base64(fields[field], largest=LARGEST)), largest=LARGEST)
        refuse_comments(root)
        issued = moment(root.get("IssueInstant") or "")
    except Unreadable as problem:
        raise AnswerRefused(str(problem)) from None
    if root.tag != tag:
        raise AnswerRefused("It is another kind of message.")
    issuers = root.findall("saml:Issuer", NAMES)
    if [text_of(one) for one in issuers] != [party.entity]:
        raise AnswerRefused("It comes from another provider.")
    if root.get("Destination") != ours.sign_out_address(provider):
        raise AnswerRefused("It was meant for another address.")
    if abs(now() - issued) > FRESH + SKEW:
        raise AnswerRefused("It no longer counts.")
    return root, fields.get("RelayState", "")[:LONGEST_RELAY]


def _verified(query: str, field: str, party: Party) -> dict[str, str]:
    """The fields of a signed address. What was signed is the text as it came, not as it is read."""
    raw: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name in raw:
            raise Unreadable("The address names a field twice.")
        raw[name] = value
    if not {field, "SigAlg", "Signature"} <= raw.keys():
        raise Unreadable("The message is not signed.")
    signed = "&".join(
        f"{name}={raw[name]}" for name in (field, "RelayState", "SigAlg") if name in raw
    )
    fields = {name: unquote_plus(value) for name, value in raw.items()}
    try:
        signature = b64decode(fields["Signature"], validate=True)
    except (NotBase64, ValueError):
        raise Unreadable("The signature cannot be read.") from None
    for one in party.certificates:
        if _signed_by(one.pem, fields["SigAlg"], signature, signed.encode()):
            return fields
    raise Unreadable("The signature is not the provider's.")


def _signed_by(pem: str, algorithm: str, signature: bytes, signed: bytes) -> bool:
    kind, _, name = algorithm.removeprefix(_MORE).partition("-")
    digest = _HASHES.get(name)
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    if digest is None or not algorithm.startswith(_MORE):
        return False
    try:
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        elif kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _inflated(data: bytes) -> bytes:
    """Unpacked up to a limit: a message is no place for a bomb."""
    unpack = zlib.decompressobj(wbits=-15)
    try:
        made = unpack.decompress(data, LARGEST)
    except zlib.error:
        raise Unreadable("This is not a message of an identity provider.") from None
    if unpack.unconsumed_tail:
        raise Unreadable("This message is too large.")
    return made
