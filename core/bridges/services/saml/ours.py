"""Our side: names, addresses and keys of this institute with one provider."""

import zlib
from base64 import b64encode
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from django.urls import reverse
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Signing

from core.bridges.models import Provider
from core.bridges.services.saml import own_keys
from core.bridges.services.saml.documents import (
    ENCRYPTION,
    ENCRYPTION_11,
    METADATA,
    POST,
    PROTOCOL,
    REDIRECT,
    SIGNATURE,
    Element,
)
from core.kernel.links import absolute

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
LOCKS = (
    f"{ENCRYPTION_11}aes256-gcm", f"{ENCRYPTION_11}aes128-gcm", f"{ENCRYPTION}rsa-oaep-mgf1p",
)  # fmt: skip
"""How answers are best locked for us; what else is opened stands in `opening`."""


def entity(provider: Provider) -> str:
    """Our entity ID: the address of our metadata on this institute's own site."""
    return absolute(reverse("bridges:saml_metadata", args=[provider.key]))


def answer_address(provider: Provider) -> str:
    """Where the provider sends people back to."""
    return absolute(reverse("bridges:saml_answer", args=[provider.key]))


def sign_out_address(provider: Provider) -> str:
    """Where the provider says that somebody has signed out, or answers that they have."""
    return absolute(reverse("bridges:saml_sign_out", args=[provider.key]))


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
    for certificate in own_keys.published(provider):
        _key(role, certificate, "signing")
    holder = _key(role, own_keys.locked_with(provider), "encryption")
    for way in LOCKS:
        _node(holder, METADATA, "EncryptionMethod", Algorithm=way)
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
    key = own_keys.loaded(provider.sp_key)
    signature = key.sign(query.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    query += "&" + urlencode({"Signature": b64encode(signature).decode("ascii")})
    return f"{target}{'&' if '?' in target else '?'}{query}"


def signed_field(provider: Provider, message: Element) -> str:
    """Out: the field of a form that carries one of our messages, signed (HTTP-POST binding)."""
    made: str | bytes = Signing.add_sign(
        etree.tostring(message).decode(), provider.sp_key, provider.sp_certificate
    )
    return b64encode(made.encode() if isinstance(made, str) else made).decode("ascii")


def _key(role: Element, certificate: str, use: str) -> Element:
    holder = _node(role, METADATA, "KeyDescriptor", use=use)
    data = _node(_node(holder, SIGNATURE, "KeyInfo"), SIGNATURE, "X509Data")
    lines = certificate.strip().splitlines()[1:-1]
    _node(data, SIGNATURE, "X509Certificate").text = "".join(lines)
    return holder


def _deflated(document: bytes) -> str:
    squeeze = zlib.compressobj(wbits=-15)
    return b64encode(squeeze.compress(document) + squeeze.flush()).decode("ascii")


def _node(parent: Element | None, space: str, name: str, **attributes: str) -> Element:
    tag = f"{{{space}}}{name}"
    if parent is None:
        return etree.Element(tag, attributes, nsmap={"md": METADATA, "ds": SIGNATURE})
    return etree.SubElement(parent, tag, attributes)
