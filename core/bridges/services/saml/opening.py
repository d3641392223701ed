"""Opening what the provider has locked for us (XML Encryption), in one shape.

Our certificate is public: whoever has it can lock a message for us. So what comes out is a
stranger's like any other until its signature was looked at, and nothing but the one shape comes
near a key: no addresses that something is fetched from, no way of locking that was broken.
"""

import re
from collections.abc import Sequence
from copy import deepcopy

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.bridges.services.saml.documents import (
    ASSERTION,
    ENCRYPTION,
    ENCRYPTION_11,
    NAMES,
    SIGNATURE,
    Element,
    Unreadable,
    from_base64,
    parsed,
    refuse_comments,
    text_of,
)
from core.bridges.services.saml.own_keys import loaded
from core.bridges.services.saml.shapes import ENCRYPTED, RESPONSE, STATEMENT, Misshapen

OAEP = f"{ENCRYPTION}rsa-oaep-mgf1p"
GCM = {f"{ENCRYPTION_11}aes{bits}-gcm": bits // 8 for bits in (128, 192, 256)}
CBC = {f"{ENCRYPTION}aes{bits}-cbc": bits // 8 for bits in (128, 192, 256)}
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
# Nothing in OAEP falls with collisions: SHA-1 holds there, and is what most providers use.
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    f"{SIGNATURE}sha1": hashes.SHA1(),  # noqa: S303
    f"{ENCRYPTION}sha256": hashes.SHA256(),
    f"{_MORE}sha384": hashes.SHA384(),
    f"{ENCRYPTION}sha512": hashes.SHA512(),
}
_BLOCK = 16
_NONCE = 12
_LOCKED = "The assertion cannot be decrypted with our certificate."
_SHAPE = "The assertion is encrypted in a way that is not read."
_OLD = "The assertion is encrypted in a way that is too old. It must be AES with RSA-OAEP."

_SPACES = {ASSERTION: "saml", SIGNATURE: "ds", ENCRYPTION: "xenc"}
_INSIDE: dict[str, str] = {
    "saml:EncryptedAssertion": "xenc:EncryptedData( xenc:EncryptedKey)?",
    "saml:EncryptedID": "xenc:EncryptedData( xenc:EncryptedKey)?",
    "xenc:EncryptedData": "xenc:EncryptionMethod ds:KeyInfo xenc:CipherData",
    "xenc:EncryptedData ds:KeyInfo": "xenc:EncryptedKey|ds:RetrievalMethod",
    "xenc:EncryptedKey": (
        "xenc:EncryptionMethod( ds:KeyInfo)? xenc:CipherData"
        "( xenc:ReferenceList)?( xenc:CarriedKeyName)?"
    ),
    "xenc:EncryptedKey xenc:EncryptionMethod": "(ds:DigestMethod)?",
    "xenc:EncryptedKey ds:KeyInfo": "ds:X509Data|ds:KeyName",
    "xenc:CipherData": "xenc:CipherValue",
    "xenc:ReferenceList": "xenc:DataReference",
    "ds:X509Data": r"ds:X509\w+( ds:X509\w+)*",
    "ds:X509IssuerSerial": "ds:X509IssuerName ds:X509SerialNumber",
}
"""What stands in each part, by its name, or by its parent's and its own; nothing in all others."""


def is_locked(root: Element) -> bool:
    """Whether a part of an answer is an encrypted assertion."""
    return next(root.iter(ENCRYPTED), None) is not None


def opened(root: Element, keys: Sequence[str]) -> tuple[Element, str]:
    """Out: the answer with its assertion in the open, and which of our keys opened it.

    Errors: ``Misshapen``, with the same sentence for whatever is wrong behind the lock.
    """
    refuse_comments(root)
    holders = list(root.iter(ENCRYPTED))
    alone = len(holders) == 1 and next(root.iter(STATEMENT), None) is None
    if root.tag != RESPONSE or not alone or holders[0].getparent() is not root:
        raise Misshapen("The response must hold one assertion.")
    assertion, key = _unlocked(holders[0], keys, STATEMENT)
    made = deepcopy(root)
    made.replace(made.find("saml:EncryptedAssertion", NAMES), assertion)
    return made, key


def name_in(holder: Element, keys: Sequence[str]) -> Element:
    """Out: the name of a person that is locked in an EncryptedID. Errors: ``Misshapen``."""
    return _unlocked(holder, keys, f"{{{ASSERTION}}}NameID")[0]


def _unlocked(holder: Element, keys: Sequence[str], tag: str) -> tuple[Element, str]:
    """Out: the one element that is locked in a part, and which key opened it."""
    _keep_to_the_shape(holder)
    content, wrapped = _locked_parts(holder)
    for key in keys:
        plain = _plain(content, wrapped, key)
        if plain is not None:
            return _read(plain, tag), key
    raise Misshapen(_LOCKED)


def _keep_to_the_shape(node: Element, above: str = "") -> None:
    name = _named(node)
    wanted = _INSIDE.get(f"{above} {name}", _INSIDE.get(name, ""))
    if not re.fullmatch(wanted, " ".join(_named(child) for child in node)):
        raise Misshapen(_SHAPE)
    for child in node:
        _keep_to_the_shape(child, name)


def _named(node: Element) -> str:
    space, _, name = node.tag.removeprefix("{").rpartition("}")
    return f"{_SPACES.get(space, '')}:{name}"


def _locked_parts(holder: Element) -> tuple[Element, Element]:
    """Out: the locked content, and the locked key, which stands in it or beside it."""
    content, beside = holder[0], holder.find("xenc:EncryptedKey", NAMES)
    if content.get("Type") != f"{ENCRYPTION}Element":
        raise Misshapen(_SHAPE)
    pointed = content.find("ds:KeyInfo/ds:RetrievalMethod", NAMES)
    if beside is None and pointed is None:
        return content, content.find("ds:KeyInfo/xenc:EncryptedKey", NAMES)
    if beside is None or pointed is None or pointed.get("URI") != f"#{beside.get('Id')}":
        raise Misshapen(_SHAPE)
    return content, beside


def _plain(content: Element, wrapped: Element, key: str) -> bytes | None:
    """What is locked, or None when this key does not open it. Errors: ``Misshapen``."""
    size, fill = _way_of(content), _padding_of(wrapped)
    try:
        secret = loaded(key).decrypt(_bytes_of(wrapped), fill)
        return _deciphered(content, secret) if len(secret) == size else None
    except (ValueError, InvalidTag):
        return None


def _way_of(content: Element) -> int:
    """Out: how long the key of the content is."""
    size = (GCM | CBC).get(content.find("xenc:EncryptionMethod", NAMES).get("Algorithm") or "")
    if size is None:
        raise Misshapen(_OLD)
    return size


def _padding_of(wrapped: Element) -> padding.OAEP:
    method = wrapped.find("xenc:EncryptionMethod", NAMES)
    named = next(iter(method), None)
    digest = _DIGESTS.get(f"{SIGNATURE}sha1" if named is None else named.get("Algorithm") or "")
    if method.get("Algorithm") != OAEP or digest is None:
        raise Misshapen(_OLD)
    return padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=digest, label=None)  # noqa: S303


def _deciphered(content: Element, secret: bytes) -> bytes:
    """Errors: ValueError or InvalidTag for what was not locked with this key."""
    data = _bytes_of(content)
    if content.find("xenc:EncryptionMethod", NAMES).get("Algorithm") in GCM:
        return AESGCM(secret).decrypt(data[:_NONCE], data[_NONCE:], None)
    begins, rest = data[:_BLOCK], data[_BLOCK:]
    reader = Cipher(algorithms.AES(secret), modes.CBC(begins)).decryptor()
    plain = reader.update(rest) + reader.finalize()
    if not plain or not 1 <= plain[-1] <= _BLOCK:
        raise ValueError("no filling")
    return plain[: -plain[-1]]


def _bytes_of(holder: Element) -> bytes:
    return from_base64(text_of(holder.find("xenc:CipherData/xenc:CipherValue", NAMES)))


def _read(plain: bytes, tag: str) -> Element:
    try:
        made = parsed(plain)
        refuse_comments(made)
    except Unreadable:
        raise Misshapen(_LOCKED) from None
    if made.tag != tag:
        raise Misshapen(_LOCKED)
    return made
