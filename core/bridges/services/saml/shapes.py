"""The one shape in which a signed answer is read; every other is refused before its signature.

Signature wrapping lives on answers in which the part that is signed and the part that is read are
not the same. Here there is one assertion, in the one place where it may be, it is signed itself,
its signature covers all of it and nothing else, and no two parts have the same name.
"""

from core.bridges.services.saml.documents import (
    ASSERTION,
    ENCRYPTION,
    NAMES,
    PROTOCOL,
    SIGNATURE,
    Element,
    refuse_comments,
)

RESPONSE = f"{{{PROTOCOL}}}Response"
STATEMENT = f"{{{ASSERTION}}}Assertion"
ENCRYPTED = f"{{{ASSERTION}}}EncryptedAssertion"
SEAL = f"{{{SIGNATURE}}}Signature"

_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_TRANSFORMS = (["http://www.w3.org/2000/09/xmldsig#enveloped-signature"], [_EXCLUSIVE])
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNATURES = frozenset(
    f"{_MORE}{kind}-sha{bits}" for kind in ("rsa", "ecdsa") for bits in (256, 384, 512)
)
_DIGESTS = frozenset({f"{ENCRYPTION}sha256", f"{_MORE}sha384", f"{ENCRYPTION}sha512"})
_SEAL_PARTS = [f"{{{SIGNATURE}}}{name}" for name in ("SignedInfo", "SignatureValue", "KeyInfo")]


class Misshapen(ValueError):
    """Not the one shape that is read; the message is for the log of staff."""


def assertion_of(root: Element) -> Element:
    """Out: the assertion of an answer that has the right shape. Errors: ``Misshapen``."""
    refuse_comments(root)
    if root.tag != RESPONSE:
        raise Misshapen("The message is not a response.")
    if next(root.iter(f"{{{ENCRYPTION}}}*"), None) is not None:
        raise Misshapen("Something in the assertion is encrypted by itself.")
    found = list(root.iter(STATEMENT))
    if len(found) != 1 or found[0].getparent() is not root:
        raise Misshapen("The response must hold one assertion.")
    _keep_names_apart(root)
    for seal in root.iter(SEAL):
        if seal.getparent() is not root and seal.getparent() is not found[0]:
            raise Misshapen("There is a signature in a place where none belongs.")
    _check_seals(root)
    if _check_seals(found[0]) != 1:
        raise Misshapen("The assertion is not signed.")
    return found[0]


def _keep_names_apart(root: Element) -> None:
    names = [
        value
        for node in root.iter()
        for key, value in node.attrib.items()
        if key.rpartition("}")[2].lower() == "id"
    ]
    if len(names) != len(set(names)):
        raise Misshapen("Two parts of the response have the same ID.")


def _check_seals(owner: Element) -> int:
    """Out: how many signatures an element has itself, at most one."""
    seals = owner.findall("ds:Signature", NAMES)
    if len(seals) > 1:
        raise Misshapen("There is more than one signature on one part.")
    for seal in seals:
        _check_seal(seal, owner)
    return len(seals)


def _check_seal(seal: Element, owner: Element) -> None:
    parts = [part.tag for part in seal]
    if parts not in (_SEAL_PARTS, _SEAL_PARTS[:2]):
        raise Misshapen("The signature holds more than a signature.")
    if _said(seal, "ds:SignedInfo/ds:CanonicalizationMethod") != [_EXCLUSIVE]:
        raise Misshapen("The signature is made in a way that is not read.")
    if not set(_said(seal, "ds:SignedInfo/ds:SignatureMethod")) <= SIGNATURES:
        raise Misshapen("The signature is made in a way that is too old.")
    references = seal.findall("ds:SignedInfo/ds:Reference", NAMES)
    if len(references) != 1 or not owner.get("ID"):
        raise Misshapen("The signature must cover one part.")
    if references[0].get("URI") != f"#{owner.get('ID')}":
        raise Misshapen("The signature covers another part.")
    transforms = [[name] for name in _said(references[0], "ds:Transforms/ds:Transform")]
    if transforms not in (list(_TRANSFORMS), [_TRANSFORMS[0]]):
        raise Misshapen("The signature covers something else than what is read.")
    if not set(_said(references[0], "ds:DigestMethod")) <= _DIGESTS:
        raise Misshapen("The signature is made in a way that is too old.")


def _said(node: Element, path: str) -> list[str]:
    """The algorithms that are named at a place."""
    return [each.get("Algorithm") or "" for each in node.findall(path, NAMES)]
