"""Answers that a thief has changed: every one is refused, the untouched one is read."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names

from core.bridges.services.saml import answers, shapes
from core.bridges.services.saml.documents import ASSERTION, NAMES, PROTOCOL, SIGNATURE
from tests.core.bridges.saml.conftest import Caught
from tests.core.bridges.saml.signing import Edit, Pair, edited, signed_again

pytestmark = [pytest.mark.providers, pytest.mark.django_db]


def _assertion(root: Any) -> Any:
    return root.find("saml:Assertion", NAMES)


def _evil(root: Any) -> Any:
    """A copy of the assertion for somebody else, without its signature."""
    made = deepcopy(_assertion(root))
    made.remove(made.find("ds:Signature", NAMES))
    made.set("ID", "_evil")
    made.find("saml:Subject/saml:NameID", NAMES).text = "director"
    return made


def _seal(root: Any) -> Any:
    return _assertion(root).find("ds:Signature", NAMES)


def _drop(root: Any, path: str) -> None:
    for node in root.findall(path, NAMES):
        node.getparent().remove(node)


# --- signature wrapping: the signed part stays whole, another part is to be read ---------------
def _evil_before(root: Any) -> None:
    _assertion(root).addprevious(_evil(root))


def _evil_after(root: Any) -> None:
    _assertion(root).addnext(_evil(root))


def _evil_around(root: Any) -> None:
    evil, real = _evil(root), _assertion(root)
    root.replace(real, evil)
    evil.append(real)


def _evil_with_the_seal_of_the_real(root: Any) -> None:
    evil, real = _evil(root), _assertion(root)
    seal = _seal(root)
    root.replace(real, evil)
    evil.insert(1, seal)
    real_copy = deepcopy(real)
    holder = etree.SubElement(seal, f"{{{SIGNATURE}}}Object")
    holder.append(real_copy)


def _real_in_the_extensions(root: Any) -> None:
    evil, real = _evil(root), _assertion(root)
    root.replace(real, evil)
    extensions = etree.Element(f"{{{PROTOCOL}}}Extensions")
    extensions.append(real)
    root.find("saml:Issuer", NAMES).addnext(extensions)


def _whole_response_in_the_seal(root: Any) -> None:
    real = deepcopy(root)
    seal = root.find("ds:Signature", NAMES)
    root.set("ID", "_evil")
    root.replace(_assertion(root), _evil(root))
    if seal is None:
        seal = etree.SubElement(root, f"{{{SIGNATURE}}}Signature")
    etree.SubElement(seal, f"{{{SIGNATURE}}}Object").append(real)


def _same_name_twice(root: Any) -> None:
    evil = _evil(root)
    evil.set("ID", _assertion(root).get("ID"))
    _assertion(root).addprevious(evil)


def _evil_in_an_attribute(root: Any) -> None:
    _assertion(root).find(".//saml:AttributeValue", NAMES).append(_evil(root))


def _evil_with_a_seal_of_its_own_name(root: Any) -> None:
    evil = deepcopy(_assertion(root))
    evil.set("ID", "_evil")
    evil.find("saml:Subject/saml:NameID", NAMES).text = "director"
    evil.find("ds:Signature/ds:SignedInfo/ds:Reference", NAMES).set("URI", "#_evil")
    root.replace(_assertion(root), evil)


# --- plain changes --------------------------------------------------------------------------------
def _other_name(root: Any) -> None:
    _assertion(root).find("saml:Subject/saml:NameID", NAMES).text = "director"


def _comment_in_the_name(root: Any) -> None:
    node = _assertion(root).find("saml:Subject/saml:NameID", NAMES)
    node.append(etree.Comment("cut here"))


def _no_seals(root: Any) -> None:
    _drop(root, ".//ds:Signature")


def _no_seal_on_the_assertion(root: Any) -> None:
    _drop(root, "saml:Assertion/ds:Signature")


def _covers_nothing(root: Any) -> None:
    _seal(root).find("ds:SignedInfo/ds:Reference", NAMES).set("URI", "")


def _wider_transform(root: Any) -> None:
    transforms = _seal(root).find("ds:SignedInfo/ds:Reference/ds:Transforms", NAMES)
    etree.SubElement(
        transforms,
        f"{{{SIGNATURE}}}Transform",
        Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116",
    )


def _encrypted(root: Any) -> None:
    root.replace(_assertion(root), etree.Element(f"{{{ASSERTION}}}EncryptedAssertion"))


CHANGES: tuple[Edit, ...] = (
    _evil_before, _evil_after, _evil_around, _evil_with_the_seal_of_the_real,
    _real_in_the_extensions, _whole_response_in_the_seal, _same_name_twice, _evil_in_an_attribute,
    _evil_with_a_seal_of_its_own_name, _other_name, _comment_in_the_name, _no_seals,
    _no_seal_on_the_assertion, _covers_nothing, _wider_transform, _encrypted,
)  # fmt: skip


def test_a_changed_or_wrapped_answer_is_never_read(caught: Caught) -> None:
    read = []
    for change in CHANGES:
        try:
            caught.read(edited(caught.source, change))
            read.append(change)
        except answers.AnswerRefused:
            pass
    assert read == []
    said = caught.read(caught.source)
    assert (said.subject, said.claims["memberNumber"]) == ("mira", "M-1042")


WRAPPINGS = CHANGES[:8]


def test_each_of_the_two_readers_alone_refuses_wrapped_answers(
    caught: Caught, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_a_shape(root: Any) -> Any:
        return next(root.iter(f"{{{ASSERTION}}}Assertion"))

    def without_an_opinion(*of: Any) -> None:
        return None

    def read(change: Edit) -> str:
        try:
            return caught.read(edited(caught.source, change)).subject
        except answers.AnswerRefused as refused:
            # the library itself says no, before both are compared
            return "compared" if "two ways" in str(refused) else ""

    with monkeypatch.context() as patch:
        patch.setattr(shapes, "assertion_of", without_a_shape)
        assert [read(change) for change in WRAPPINGS] == [""] * len(WRAPPINGS)
        patch.setattr(answers, "_second_opinion", without_an_opinion)
        assert "director" in [read(change) for change in WRAPPINGS]  # the attack is a real one
    monkeypatch.setattr(answers, "_second_opinion", without_an_opinion)
    assert [read(change) for change in WRAPPINGS] == [""] * len(WRAPPINGS)


def test_bombs_and_other_documents_are_never_opened(caught: Caught) -> None:
    declared = b'<!DOCTYPE a [<!ENTITY b "%s">]>' % (b"x" * 100)
    for source in (
        declared + caught.source.removeprefix(b'<?xml version="1.0"?>'),
        caught.source.decode().encode("utf-16"),
        b"<?php echo 1 ?>" + caught.source,
        b"<a>" * 10_000 + b"</a>" * 10_000,
        b"<a/>",
        b"\x00",
    ):
        with pytest.raises(answers.AnswerRefused):
            caught.read(source)


# --- what a trusted provider itself must not say ------------------------------------------------
def _set(path: str, **values: str) -> Edit:
    def edit(root: Any) -> None:
        for name, value in values.items():
            root.find(path, NAMES).set(name, value)

    return edit


def _text(path: str, value: str) -> Edit:
    def edit(root: Any) -> None:
        root.find(path, NAMES).text = value

    return edit


def _without(path: str) -> Edit:
    return lambda root: _drop(root, path)


CONDITIONS = "saml:Assertion/saml:Conditions"
DATA = "saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
AUDIENCE = f"{CONDITIONS}/saml:AudienceRestriction"
OTHER = "https://other.example/sign-in/society/answer/"
SAID_WRONGLY: dict[str, Edit] = {
    "another audience": _text(f"{AUDIENCE}/saml:Audience", "https://other.example/"),
    "no audience": _without(AUDIENCE),
    "another recipient": _set(DATA, Recipient=OTHER),
    "no recipient": lambda root: root.find(DATA, NAMES).attrib.pop("Recipient"),
    "another question": _set(DATA, InResponseTo="_other"),
    "another question outside": _set(".", InResponseTo="_other"),
    "no question": lambda root: root.find(DATA, NAMES).attrib.pop("InResponseTo"),
    "another destination": _set(".", Destination=OTHER),
    "a longer destination": lambda root: root.set("Destination", root.get("Destination") + "x"),
    "another issuer": _text("saml:Assertion/saml:Issuer", "https://other.example/"),
    "another issuer outside": _text("saml:Issuer", "https://other.example/"),
    "over": _set(CONDITIONS, NotOnOrAfter="2020-01-01T00:00:00Z"),
    "not yet": _set(CONDITIONS, NotBefore="2100-01-01T00:00:00Z"),
    "confirmed too late": _set(DATA, NotOnOrAfter="2020-01-01T00:00:00Z"),
    "no end of the confirmation": lambda root: root.find(DATA, NAMES).attrib.pop("NotOnOrAfter"),
    "no name": _without("saml:Assertion/saml:Subject/saml:NameID"),
    "no sign-in": _without("saml:Assertion/saml:AuthnStatement"),
    "session over": _set(
        "saml:Assertion/saml:AuthnStatement", SessionNotOnOrAfter="2020-01-01T00:00:00Z"
    ),
}


def test_signed_words_for_another_site_time_or_question_do_not_count(
    caught: Caught, stranger: Pair
) -> None:
    pem = stranger[1].public_bytes(Encoding.PEM).decode()
    mine = replace(caught.party.certificates[0], pem=pem)
    trusting = replace(caught.party, certificates=(*caught.party.certificates, mine))
    read = []
    for name, edit in SAID_WRONGLY.items():
        try:
            caught.read(signed_again(caught.source, edit, stranger), trusting)
            read.append(name)
        except answers.AnswerRefused:
            pass
    assert read == []
    plain = _nothing
    with pytest.raises(answers.AnswerRefused):
        caught.read(signed_again(caught.source, plain, stranger, Names.RSA_SHA1), trusting)
    with pytest.raises(answers.AnswerRefused):
        caught.read(signed_again(caught.source, plain, stranger))  # not trusted
    assert caught.read(signed_again(caught.source, plain, stranger), trusting).subject == "mira"


def _nothing(root: Any) -> None:
    pass
