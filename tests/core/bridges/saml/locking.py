"""Answers whose assertion is locked (XML Encryption), as providers do it and as nobody should."""

import os
from base64 import b64encode
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from core.bridges.services.saml import opening
from core.bridges.services.saml.documents import ASSERTION, ENCRYPTION, ENCRYPTION_11, NAMES
from core.bridges.services.saml.documents import SIGNATURE as SEALS

GCM_256 = f"{ENCRYPTION_11}aes256-gcm"
CBC_128 = f"{ENCRYPTION}aes128-cbc"


@dataclass(frozen=True)
class Lock:
    """A way of locking. beside: the key stands beside the content and is pointed to. named: it says
    for which certificate it is."""

    content: str = GCM_256
    transport: str = opening.OAEP
    digest: str = f"{SEALS}sha1"
    beside: bool = False
    named: bool = False

    def around(self, plain: bytes, pem: str) -> bytes:
        """The EncryptedAssertion that holds ``plain`` for whoever has the certificate's key."""
        secret = os.urandom((opening.GCM | opening.CBC).get(self.content, 32))
        key = self._key(secret, pem)
        info = f'<ds:RetrievalMethod URI="#_key" Type="{ENCRYPTION}EncryptedKey"/>'
        return (
            f'<saml:EncryptedAssertion xmlns:saml="{ASSERTION}" xmlns:xenc="{ENCRYPTION}" '
            f'xmlns:ds="{SEALS}">'
            f'<xenc:EncryptedData Type="{ENCRYPTION}Element">'
            f'<xenc:EncryptionMethod Algorithm="{self.content}"/>'
            f"<ds:KeyInfo>{info if self.beside else key}</ds:KeyInfo>"
            f"{_value(self._locked(plain, secret))}</xenc:EncryptedData>"
            f"{key if self.beside else ''}</saml:EncryptedAssertion>"
        ).encode()

    def _key(self, secret: bytes, pem: str) -> str:
        public = x509.load_pem_x509_certificate(pem.encode()).public_key()
        assert isinstance(public, rsa.RSAPublicKey)
        if self.transport.endswith("rsa-1_5"):
            wrapped = public.encrypt(secret, padding.PKCS1v15())
        else:
            mask = padding.MGF1(hashes.SHA1())
            fill = padding.OAEP(mgf=mask, algorithm=_hash(self.digest), label=None)
            wrapped = public.encrypt(secret, fill)
        return (
            '<xenc:EncryptedKey Id="_key">'
            f'<xenc:EncryptionMethod Algorithm="{self.transport}">'
            f'<ds:DigestMethod Algorithm="{self.digest}"/></xenc:EncryptionMethod>'
            f"{_certificate(pem) if self.named else ''}{_value(wrapped)}</xenc:EncryptedKey>"
        )

    def _locked(self, plain: bytes, secret: bytes) -> bytes:
        if self.content.endswith("-cbc"):
            begins, more = os.urandom(16), 16 - len(plain) % 16
            writer = Cipher(algorithms.AES(secret), modes.CBC(begins)).encryptor()
            return begins + writer.update(plain + bytes([more]) * more) + writer.finalize()
        nonce = os.urandom(12)
        return nonce + AESGCM(secret).encrypt(nonce, plain, None)


def locked(source: bytes, pem: str, lock: Lock | None = None, plain: bytes | None = None) -> bytes:
    """The answer with its assertion, or ``plain`` instead, locked; itself unsigned."""
    root = etree.fromstring(source)
    for seal in root.findall("ds:Signature", NAMES):
        root.remove(seal)
    assertion = root.find("saml:Assertion", NAMES)
    inside = etree.tostring(assertion) if plain is None else plain
    root.replace(assertion, etree.fromstring((lock or Lock()).around(inside, pem)))
    return bytes(etree.tostring(root))


def _certificate(pem: str) -> str:
    line = "".join(pem.strip().splitlines()[1:-1])
    data = f"<ds:X509Data><ds:X509Certificate>{line}</ds:X509Certificate></ds:X509Data>"
    return f"<ds:KeyInfo>{data}</ds:KeyInfo>"


def _value(data: bytes) -> str:
    text = b64encode(data).decode("ascii")
    return f"<xenc:CipherData><xenc:CipherValue>{text}</xenc:CipherValue></xenc:CipherData>"


def _hash(name: str) -> hashes.HashAlgorithm:
    ends = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}
    return next(made for end, made in ends.items() if name.endswith(end))
