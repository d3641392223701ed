"""What an identity provider says of itself: read once when staff hand it in, and kept as XML."""

from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from core.bridges.services.saml.documents import (
    METADATA,
    NAMES,
    POST,
    REDIRECT,
    Element,
    Unreadable,
    moment,
    parsed,
    text_of,
)
from core.kernel import outgoing
from core.kernel.clock import now

LARGEST = 2_000_000
MOST_CERTIFICATES = 10
LEAST_BITS = 2048
SOON = timedelta(days=30)
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


@dataclass(frozen=True)
class Certificate:
    """One key that the provider signs with. pem: for readers; the rest is for people."""

    pem: str
    subject: str
    fingerprint: str
    ends_at: datetime

    @property
    def is_over(self) -> bool:
        return self.ends_at <= now()

    @property
    def is_soon_over(self) -> bool:
        return self.ends_at <= now() + SOON


@dataclass(frozen=True)
class Party:
    """The identity provider. sign_out and sign_out_answer are empty when it offers none.

    takes_forms: people come to its sign-in address with a form, since it offers nothing else.
    """

    entity: str
    sign_in: str
    takes_forms: bool
    sign_out: str
    sign_out_answer: str
    certificates: tuple[Certificate, ...]


def read(source: bytes, entity: str = "") -> Party:
    """Out: the provider that a metadata document describes.

    In: the document, and which of several in it is meant (empty for the only one). Errors:
    ``Unreadable`` with a sentence for people.
    """
    root = parsed(source, largest=LARGEST)
    found = _described(root)
    if entity:
        found = [one for one in found if one.get("entityID") == entity]
        if not found:
            raise Unreadable(f"The metadata do not describe {entity}.")
    if not found:
        raise Unreadable("These are not the metadata of a SAML 2.0 identity provider.")
    if len(found) > 1:
        raise Unreadable(
            f"The metadata describe {len(found)} identity providers. Give a document that holds "
            "yours alone."
        )
    return _party(found[0])


def fetch(address: str, entity: str = "") -> tuple[bytes, Party]:
    """Ask the provider for its metadata. Errors: ``Unreadable`` with a sentence for people."""
    try:
        answer = outgoing.fetch(address, largest=LARGEST)
    except (outgoing.Refused, outgoing.OutgoingFailed) as problem:
        raise Unreadable(str(problem)) from None
    if answer.status != 200:
        raise Unreadable(f"The address answers with the status {answer.status}, not with metadata.")
    return answer.body, read(answer.body, entity)


def _described(root: Element) -> list[Element]:
    if root.tag not in (f"{{{METADATA}}}EntityDescriptor", f"{{{METADATA}}}EntitiesDescriptor"):
        return []
    entities = [root] if root.tag.endswith("EntityDescriptor") else []
    entities += root.iterfind(".//md:EntityDescriptor", NAMES)
    return [one for one in entities if one.find("md:IDPSSODescriptor", NAMES) is not None]


def _party(found: Element) -> Party:
    entity = (found.get("entityID") or "").strip()
    if not entity or len(entity) > 300:
        raise Unreadable("The metadata do not say the provider's entity ID.")
    role = found.find("md:IDPSSODescriptor", NAMES)
    for node in (found, role):
        until = node.get("validUntil")
        if until and moment(until) <= now():
            raise Unreadable("The metadata are no longer valid. Ask the provider for new ones.")
    sign_in = _address(role, "SingleSignOnService", "Location")
    takes_forms = not sign_in
    if takes_forms:
        sign_in = _address(role, "SingleSignOnService", "Location", POST)
    if not sign_in:
        raise Unreadable(
            "The metadata name no sign-in address of a kind that is used here (HTTP-Redirect or "
            "HTTP-POST)."
        )
    certificates = _certificates(role)
    if not certificates:
        raise Unreadable("The metadata hold no certificate for signatures.")
    if all(one.is_over for one in certificates):
        raise Unreadable("Every certificate in the metadata has ended. Ask for new ones.")
    sign_out = _address(role, "SingleLogoutService", "Location")
    back = _address(role, "SingleLogoutService", "ResponseLocation") or sign_out
    return Party(entity, sign_in, takes_forms, sign_out, back, certificates)


def _address(role: Element, service: str, attribute: str, binding: str = REDIRECT) -> str:
    """Where a person is led: never to a script, nor in the open."""
    for node in role.iterfind(f"md:{service}", NAMES):
        address = (node.get(attribute) or "").strip()
        if node.get("Binding") == binding and address:
            try:
                outgoing.check(address)
            except outgoing.Refused as refused:
                raise Unreadable(f"{address[:200]}: {refused}") from None
            return address
    return ""


def _certificates(role: Element) -> tuple[Certificate, ...]:
    found: dict[str, Certificate] = {}
    for holder in role.iterfind("md:KeyDescriptor", NAMES):
        if holder.get("use") not in (None, "signing"):
            continue
        for node in holder.iterfind(".//ds:X509Certificate", NAMES):
            one = certificate(text_of(node))
            found[one.fingerprint] = one
    if len(found) > MOST_CERTIFICATES:
        raise Unreadable(f"The metadata hold more than {MOST_CERTIFICATES} certificates.")
    return tuple(found.values())


def certificate(value: str) -> Certificate:
    """Out: a certificate of base64 text. Errors: ``Unreadable`` also for keys that are too weak."""
    try:
        made = x509.load_der_x509_certificate(b64decode("".join(value.split()), validate=True))
        key = made.public_key()
    except (NotBase64, ValueError, TypeError):
        raise Unreadable("A certificate in the metadata cannot be read.") from None
    strong = isinstance(key, ec.EllipticCurvePublicKey) or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_BITS
    )
    if not strong:
        raise Unreadable(f"A key in the metadata is weaker than RSA with {LEAST_BITS} bits.")
    names = made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    digest = made.fingerprint(hashes.SHA256()).hex().upper()
    return Certificate(
        pem=made.public_bytes(Encoding.PEM).decode("ascii"),
        subject=str(names[0].value if names else made.subject.rfc4514_string())[:200],
        fingerprint=":".join(digest[i : i + 2] for i in range(0, len(digest), 2)),
        ends_at=made.not_valid_after_utc,
    )


def of_pem(pem: str) -> Certificate:
    """A certificate of ours, for people to look at."""
    return certificate("".join(pem.strip().splitlines()[1:-1]))
