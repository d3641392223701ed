"""Answers that were changed after the society made them, and signed again or not."""

from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Library

from core.bridges.services.saml.documents import NAMES

Edit = Callable[[Any], object]
Pair = tuple[RSAPrivateKey, x509.Certificate]


def edited(source: bytes, edit: Edit) -> bytes:
    """The document after `edit`, with whatever signatures it had."""
    root = etree.fromstring(source)
    edit(root)
    return bytes(etree.tostring(root))


def signed_again(source: bytes, edit: Edit, pair: Pair, algorithm: str = Names.RSA_SHA256) -> bytes:
    """The document after `edit`, with a signature of `pair` on the assertion alone."""
    root = etree.fromstring(source)
    for seal in root.findall(".//ds:Signature", NAMES):
        seal.getparent().remove(seal)
    edit(root)
    digest = Names.SHA1 if algorithm == Names.RSA_SHA1 else Names.SHA256
    for old in root.findall("saml:Assertion", NAMES):
        made = Library.add_sign(
            etree.tostring(old).decode(),
            pair[0].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
            pair[1].public_bytes(Encoding.PEM).decode(),
            sign_algorithm=algorithm,
            digest_algorithm=digest,
        )
        root.replace(old, etree.fromstring(made))
    return bytes(etree.tostring(root))
