"""Our side: names, addresses and keys of this institute with one provider."""

import zlib
from base64 import b64encode
from datetime import timedelta
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.urls import reverse
from lxml import etree

from core.bridges.models import Provider
from core.bridges.services.saml.documents import (
    METADATA,
    POST,
    PROTOCOL,
    REDIRECT,
    SIGNATURE,
    Element,
)
from core.kernel.clock import now
from core.kernel.links import absolute

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
BITS = 3072
YEARS = 10


def entity(provider: Provider) -> str:
    """Our entity ID: the address of our metadata on this institute's own site."""
    return absolute(reverse("bridges:saml_metadata", args=[provider.key]))


def answer_address(provider: Provider) -> str:
    """Where the provider sends people back to."""
    return absolute(reverse("bridges:saml_answer", args=[provider.key]))


def sign_out_address(provider: Provider) -> str:
    """Where the provider says that somebody has signed out, or answers that they have."""
    return absolute(reverse("bridges:saml_sign_out", args=[provider.key]))


def give_key(provider: Provider) -> None:
    """Make our key with a provider when there is none. Changes the row, does not save it."""
    if provider.sp_key and provider.sp_certificate:
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, provider.key)])
    begins = now() - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * YEARS))
        .sign(key, hashes.SHA256())
    )
    provider.sp_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(
        "ascii"
    )
    provider.sp_certificate = made.public_bytes(Encoding.PEM).decode("ascii")


def metadata(provider: Provider) -> bytes:
    """What we say of ourselves to a provider: XML for its staff to hand in there."""
    root = _node(None, METADATA, "EntityDescriptor", entityID=entity(provider))
    role = _node(
        root,
        METADATA,
        "SPSSODescriptor",
        protocolSupportEnumeration=PROTOCOL,
        AuthnRequestsSigned="true",
        WantAssertionsSigned="true",
    )
    holder = _node(role, METADATA, "KeyDescriptor", use="signing")
    data = _node(_node(holder, SIGNATURE, "KeyInfo"), SIGNATURE, "X509Data")
    lines = provider.sp_certificate.strip().splitlines()[1:-1]
    _node(data, SIGNATURE, "X509Certificate").text = "".join(lines)
    _node(
        role,
        METADATA,
        "SingleLogoutService",
        Binding=REDIRECT,
        Location=sign_out_address(provider),
    )
    _node(
        role,
        METADATA,
        "AssertionConsumerService",
        Binding=POST,
        Location=answer_address(provider),
        index="0",
        isDefault="true",
    )
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def signed_address(provider: Provider, target: str, message: Element, relay: str = "") -> str:
    """Out: the address that carries one of our messages, signed (HTTP-Redirect binding)."""
    kind = "SAMLRequest" if message.tag.endswith("Request") else "SAMLResponse"
    fields = {kind: _deflated(etree.tostring(message))}
    if relay:
        fields["RelayState"] = relay
    query = urlencode({**fields, "SigAlg": RSA_SHA256})
    key = load_pem_private_key(provider.sp_key.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    signature = key.sign(query.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    query += "&" + urlencode({"Signature": b64encode(signature).decode("ascii")})
    return f"{target}{'&' if '?' in target else '?'}{query}"


def _deflated(document: bytes) -> str:
    squeeze = zlib.compressobj(wbits=-15)
    return b64encode(squeeze.compress(document) + squeeze.flush()).decode("ascii")


def _node(parent: Element | None, space: str, name: str, **attributes: str) -> Element:
    tag = f"{{{space}}}{name}"
    if parent is None:
        return etree.Element(tag, attributes, nsmap={"md": METADATA, "ds": SIGNATURE})
    return etree.SubElement(parent, tag, attributes)
