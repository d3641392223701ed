"""Answers that are locked for us: opened in one shape, believed no more than others (A6)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.urls import reverse
from lxml import etree

from core.bridges.services.saml import answers, opening, ours, own_keys
from core.bridges.services.saml.documents import ENCRYPTION, ENCRYPTION_11, NAMES, PROTOCOL, text_of
from core.bridges.services.saml.documents import SIGNATURE as SEALS
from core.bridges.tasks import refresh_metadata
from core.kernel import clock
from core.kernel.models import AuditEntry
from core.kernel.rights import StaffRole
from tenants.models import Institute
from tests.core.bridges.saml.browsing import Browser, document, with_document
from tests.core.bridges.saml.conftest import Caught, MemberClient
from tests.core.bridges.saml.locking import CBC_128, Lock, locked
from tests.core.bridges.saml.signing import Edit, Pair, edited
from tests.core.bridges.saml.test_attacks import WRAPPINGS
from tests.core.bridges.saml.test_sign_in import DOES_NOT_COUNT
from tests.factories.people import someone
from tests.providers.simplesaml import SimpleSaml

pytestmark = [pytest.mark.providers, pytest.mark.django_db]

Make = Callable[[Caught], bytes]


def test_a_member_signs_in_with_a_provider_that_encrypts(browser: Browser, idp: SimpleSaml) -> None:
    idp.options(assertion__encryption=True)
    form = browser.fetch()
    assert b"EncryptedAssertion" in document(form)
    assert b"mira.holt" not in document(form)
    assert browser.bring(form).status_code == 302
    assert browser.is_signed_in


WAYS = (
    Lock(named=True),
    Lock(CBC_128),
    Lock(f"{ENCRYPTION}aes256-cbc", beside=True, named=True),
    Lock(f"{ENCRYPTION_11}aes128-gcm", digest=f"{ENCRYPTION}sha256"),
)  # fmt: skip


def test_usual_ways_of_locking_are_opened_by_both_readers(
    caught: Caught, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_keep", lambda *of: None)  # the same one counts again
    for lock in WAYS:
        said = caught.read(locked(caught.source, caught.provider.sp_certificate, lock))
        assert (said.subject, said.claims["memberNumber"]) == ("mira", "M-1042")


OLD = {
    "rsa 1.5": Lock(transport=f"{ENCRYPTION}rsa-1_5"),
    "3des": Lock(f"{ENCRYPTION}tripledes-cbc"),
    "md5": Lock(CBC_128, digest=f"{SEALS}sha1"),
}


def test_ways_of_locking_that_are_too_old_are_refused(caught: Caught) -> None:
    for name, lock in OLD.items():
        source = locked(caught.source, caught.provider.sp_certificate, lock)
        if name == "md5":
            source = source.replace(f"{SEALS}sha1".encode(), b"http://www.w3.org/2001/04/x#md5")
        with pytest.raises(answers.AnswerRefused, match="too old"):
            caught.read(source)


# --- behind the lock is a stranger's word like any other ------------------------------------------
def _inside(edit: Edit) -> Make:
    """Change the answer, then lock the assertion that stands in its place."""
    return lambda caught: locked(edited(caught.source, edit), caught.provider.sp_certificate)


def _around(edit: Edit) -> Make:
    """Lock the good assertion, then change the answer around it."""
    return lambda caught: edited(locked(caught.source, caught.provider.sp_certificate), edit)


def _plain(of: Callable[[bytes], bytes]) -> Make:
    """Lock something else than the good assertion."""

    def made(caught: Caught) -> bytes:
        good = etree.tostring(etree.fromstring(caught.source).find("saml:Assertion", NAMES))
        return locked(caught.source, caught.provider.sp_certificate, plain=of(good))

    return made


def _lock_in_the_lock(caught: Caught) -> bytes:
    pem = caught.provider.sp_certificate
    return locked(caught.source, pem, plain=Lock().around(b"<a/>", pem))


def _holder(root: Any) -> Any:
    return root.find("saml:EncryptedAssertion", NAMES)


def _evil_beside(root: Any) -> None:
    evil = etree.fromstring(b'<saml:Assertion xmlns:saml="%s"/>' % NAMES["saml"].encode())
    _holder(root).addprevious(evil)


def _twice(root: Any) -> None:
    _holder(root).addnext(etree.fromstring(etree.tostring(_holder(root))))


def _in_the_extensions(root: Any) -> None:
    extensions = etree.Element(f"{{{PROTOCOL}}}Extensions")
    holder = _holder(root)
    holder.addprevious(extensions)
    extensions.append(holder)


def _fetched(root: Any) -> None:
    data = _holder(root).find("xenc:EncryptedData/xenc:CipherData", NAMES)
    data[:] = [etree.Element(f"{{{ENCRYPTION}}}CipherReference", URI="http://127.0.0.1:1/")]


def _key_fetched(root: Any) -> None:
    info = _holder(root).find("xenc:EncryptedData/ds:KeyInfo", NAMES)
    info[:] = [etree.Element(f"{{{SEALS}}}RetrievalMethod", URI="http://127.0.0.1:1/")]


def _key_named_in_the_key(root: Any) -> None:
    key = _holder(root).find("xenc:EncryptedData/ds:KeyInfo/xenc:EncryptedKey", NAMES)
    info = etree.SubElement(key, f"{{{SEALS}}}KeyInfo")
    key.insert(1, info)
    etree.SubElement(info, f"{{{SEALS}}}RetrievalMethod", URI="http://127.0.0.1:1/")


def _changed_on_the_way(root: Any) -> None:
    value = _holder(root).find("xenc:EncryptedData/xenc:CipherData/xenc:CipherValue", NAMES)
    value.text = value.text[:200] + ("A" if value.text[200] != "A" else "B") + value.text[201:]


def _unsigned(root: Any) -> None:
    assertion = root.find("saml:Assertion", NAMES)
    assertion.remove(assertion.find("ds:Signature", NAMES))


def _named_like_the_response(root: Any) -> None:
    root.find("saml:Assertion", NAMES).set("ID", root.get("ID"))


ATTACKS: dict[str, Make] = {
    **{one.__name__: _inside(one) for one in WRAPPINGS},
    "unsigned": _inside(_unsigned),
    "same name": _inside(_named_like_the_response),
    "evil beside": _around(_evil_beside),
    "twice": _around(_twice),
    "in the extensions": _around(_in_the_extensions),
    "fetched": _around(_fetched),
    "key fetched": _around(_key_fetched),
    "key named": _around(_key_named_in_the_key),
    "changed": _around(_changed_on_the_way),
    "two parts": _plain(lambda good: good + good),
    "a comment": _plain(lambda good: good.replace(b">mira<", b">mira<!-- cut -->ham<")),
    "a document type": _plain(lambda good: b"<!DOCTYPE a [<!ENTITY b 'b'>]>" + good),
    "no assertion": _plain(lambda good: b"<a/>"),
    "nothing": _plain(lambda good: b""),
    "a lock in the lock": _lock_in_the_lock,
}


def test_what_was_wrapped_before_or_after_it_was_locked_is_never_read(
    caught: Caught, stranger: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(make: Make) -> str:
        try:
            return caught.read(make(caught)).subject
        except answers.AnswerRefused:
            return ""

    pem = stranger[1].public_bytes(Encoding.PEM).decode()
    nobodys: Make = lambda caught: locked(caught.source, pem)  # noqa: E731
    assert [name for name, make in ATTACKS.items() if read(make)] == []
    assert not read(nobodys)
    monkeypatch.setattr(answers, "_second_opinion", lambda *of: None)
    alone = {name for name, make in ATTACKS.items() if read(make)}
    # A changed cipher and an edited assertion are told by the signature, the other reader's part.
    assert alone <= {"_evil_with_a_seal_of_its_own_name", "changed"}


def test_readers_that_open_different_words_read_nothing(
    caught: Caught, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = locked(caught.source, caught.provider.sp_certificate)
    opened = opening.opened

    def otherwise(root: Any, keys: Any) -> Any:
        made, key = opened(root, keys)
        made.find("saml:Assertion/saml:Subject/saml:NameID", NAMES).text = "director"
        return made, key

    monkeypatch.setattr(opening, "opened", otherwise)
    with pytest.raises(answers.AnswerRefused, match="read in two ways"):
        caught.read(source)


def test_a_wrong_answer_uses_its_question_up(browser: Browser) -> None:
    form = browser.fetch()
    source = locked(document(form), browser.provider.sp_certificate)
    wrong = with_document(form, edited(source, _changed_on_the_way))
    assert DOES_NOT_COUNT in browser.bring(wrong).content.decode()
    assert DOES_NOT_COUNT in browser.bring(form).content.decode()
    assert not browser.is_signed_in


# --- our certificate ------------------------------------------------------------------------------
def test_our_certificate_is_renewed_in_two_steps_and_nobody_is_locked_out(
    caught: Caught,
    ciltuk: Institute,
    idp: SimpleSaml,
    member_client: MemberClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_keys, "BITS", 2048)  # longer ones take a while to find
    provider = caught.provider
    head = member_client(ciltuk, someone(is_staff=True, staff_role=StaffRole.MANAGER))
    steps = reverse("staff:provider_certificate", args=[provider.pk])
    old, before = provider.sp_certificate, locked(caught.source, provider.sp_certificate)
    assert head.post(steps, {"step": "use"}).status_code == 302  # there is none: nothing happens
    head.post(steps, {"step": "make"})
    provider.refresh_from_db()
    new = provider.other_certificate
    assert (provider.sp_certificate, own_keys.locked_with(provider)) == (old, new)
    assert "PRIVATE" not in provider.other_key_sealed
    uses = [
        (one.get("use"), text_of(one.find(".//ds:X509Certificate", NAMES)))
        for one in etree.fromstring(ours.metadata(provider)).iterfind(".//md:KeyDescriptor", NAMES)
    ]
    assert uses == [("signing", _line(old)), ("signing", _line(new)), ("encryption", _line(new))]
    page = head.get(provider.get_absolute_url()).content.decode()
    assert "Use the new certificate" in page
    assert provider.other_key not in page
    idp.trust(ours.metadata(provider))
    idp.options(assertion__encryption=True)
    visitor = Browser(member_client(ciltuk), provider)
    assert visitor.sign_in().status_code == 302  # locked with the new one, asked with the old one
    head.post(steps, {"step": "use"})
    provider.refresh_from_db()
    assert (provider.sp_certificate, provider.other_certificate) == (new, old)
    assert caught.read(before).subject == "mira"
    visitor = Browser(member_client(ciltuk), provider)
    assert visitor.sign_in().status_code == 302
    with clock.frozen(clock.now() + timedelta(days=31)):
        refresh_metadata()
    provider.refresh_from_db()
    assert (provider.other_certificate, provider.other_key_sealed) == ("", "")
    assert AuditEntry.objects.filter(verb="bridge.certificate").count() == 2
    with pytest.raises(answers.AnswerRefused, match="cannot be decrypted"):
        caught.read(before)
    member = member_client(ciltuk, someone("mentee"))
    assert member.post(steps, {"step": "make"}).status_code == 404


def _line(pem: str) -> str:
    return "".join(pem.strip().splitlines()[1:-1])
