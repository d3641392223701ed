"""XML that strangers wrote: read without entities, files or the network, and never a bomb."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from datetime import UTC, datetime
from typing import Any

from lxml import etree

Element = Any
LARGEST = 400_000
DEEPEST = 40

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
ENCRYPTION = "http://www.w3.org/2001/04/xmlenc#"
ENCRYPTION_11 = "http://www.w3.org/2009/xmlenc11#"
NAMES = {
    "samlp": PROTOCOL,
    "saml": ASSERTION,
    "md": METADATA,
    "ds": SIGNATURE,
    "xenc": ENCRYPTION,
}
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)")


class Unreadable(ValueError):
    """This is no XML that we read; the message is a sentence for people."""


def parsed(source: bytes, *, largest: int = LARGEST) -> Element:
    """Out: the root of a document. Errors: ``Unreadable``.

    A document with a type definition is refused before a parser sees it: entities live there. Only
    UTF-8 is read, or the same could hide in another encoding. Comments and instructions are
    refused too: they have cut names in two for other readers.
    """
    if len(source) > largest:
        raise Unreadable(f"This is larger than {largest // 1000} kilobytes.")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("This is not XML in UTF-8.") from None
    if re.match(r"\s*<(!\s*DOCTYPE\s+)?html\b", text, re.IGNORECASE):
        raise Unreadable("This is a web page. Its owner has another address or file for metadata.")
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise Unreadable("XML with a document type or entities is not read.")
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text)
    if "<?" in text:
        raise Unreadable("XML with processing instructions is not read.")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(text.strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("This is not XML that can be read.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("XML with a document type or entities is not read.")
    _keep_shallow(root)
    return root


def _keep_shallow(root: Element) -> None:
    """Bounded depth, so that no reader after us climbs for ever."""
    depth = 0
    for happens, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if happens == "start" else -1
        if depth > DEEPEST:
            raise Unreadable("This XML is nested too deeply.")


def refuse_comments(root: Element) -> None:
    """Errors: ``Unreadable`` when a message holds comments."""
    if next(root.iter(etree.Comment), None) is not None:
        raise Unreadable("A message with comments in it is not read.")


def from_base64(value: str, *, largest: int = LARGEST) -> bytes:
    """Out: the bytes of a form's or address's field. Errors: ``Unreadable``."""
    if len(value) > largest * 4 // 3 + 4096:
        raise Unreadable(f"This is larger than {largest // 1000} kilobytes.")
    try:
        return b64decode(re.sub(r"\s", "", value), validate=True)
    except (NotBase64, ValueError):
        raise Unreadable("This is not a message of an identity provider.") from None


def text_of(node: Element | None) -> str:
    """All text under a node without the blanks around it."""
    return "" if node is None else "".join(node.itertext()).strip()


def moment(value: str) -> datetime:
    """Out: a time as SAML writes it, aware. Errors: ``Unreadable``."""
    match = _MOMENT.fullmatch(value.strip())
    if match is None:
        raise Unreadable("A time in the message cannot be read.")
    try:
        return datetime.fromisoformat(match[1] + match[2].replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("A time in the message cannot be read.") from None


def written(at: datetime) -> str:
    """A time as SAML writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
