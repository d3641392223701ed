"""Whoever signs out on one side is signed out on the other (SAML single log-out)."""

import zlib
from base64 import b64decode
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from core.bridges.services.saml import metadata, ours
from core.bridges.services.saml.documents import parsed
from tests.core.bridges.saml.browsing import Browser, path_of
from tests.providers.simplesaml import SimpleSaml

pytestmark = [pytest.mark.providers, pytest.mark.django_db]


def test_signing_out_here_signs_out_at_the_society_too(browser: Browser) -> None:
    browser.sign_in()
    page = browser.here.post(reverse("account_logout"))
    assert not browser.is_signed_in
    target = page.headers["Refresh"].partition("url=")[2]
    assert target.startswith(browser.provider.issuer.rpartition("/")[0])
    back = browser.there.follow(target, ours.sign_out_address(browser.provider))
    answer = browser.here.get(path_of(back))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    again = browser.here.get(path_of(back))  # an answer counts once
    assert again.status_code == 422
    assert "username" in browser.there.web.get(browser.ask(), timeout=30).text


def test_signing_out_at_the_society_ends_every_session_of_it_here(browser: Browser) -> None:
    browser.sign_in()
    target = _sign_out_there(browser)
    # The society's message may come without our cookies.
    crossing = Client(headers={"host": browser.here.defaults["HTTP_HOST"]})
    answer = crossing.get(path_of(target))
    assert answer.status_code == 302
    assert "SAMLResponse=" in answer["Location"]
    assert answer["Location"].startswith(browser.provider.issuer.rpartition("/")[0])
    assert browser.here.get(reverse("accounts:edit"))["Location"].startswith("/account/login/")
    assert crossing.get(path_of(target)).status_code == 422  # heard once


def test_a_changed_or_unsigned_sign_out_does_nothing(browser: Browser) -> None:
    browser.sign_in()
    target = _sign_out_there(browser)
    signed, _, _ = target.partition("&SigAlg=")
    party = metadata.read(browser.provider.metadata.encode())
    for changed in (
        signed,
        target[:-12] + "AAAAAAAAAA%3D%3D"[:12],
        target + "&SAMLRequest=x",
        target.replace("rsa-sha256", "rsa-sha1"),
        ours.sign_out_address(browser.provider),
        ours.signed_address(
            browser.provider,
            ours.sign_out_address(browser.provider),
            parsed(b'<a xmlns="urn:LogoutRequest"/>'),
        ),
    ):
        assert browser.here.get(path_of(changed)).status_code == 422, changed
    assert party.sign_out
    assert browser.is_signed_in
    assert browser.here.get(path_of(target)).status_code == 302
    assert not browser.is_signed_in


def test_the_society_may_encrypt_whom_it_signs_out(browser: Browser, idp: SimpleSaml) -> None:
    browser.sign_in()
    idp.options(nameid__encryption=True)
    target = _sign_out_there(browser)
    fields = dict(parse_qsl(urlsplit(target).query))
    message = zlib.decompress(b64decode(fields["SAMLRequest"]), wbits=-15)
    assert b"EncryptedID" in message
    assert b">mira<" not in message
    assert browser.here.get(path_of(target)).status_code == 302
    assert not browser.is_signed_in


def _sign_out_there(browser: Browser) -> str:
    """Sign out at the society. Out: its message to us."""
    base = browser.provider.issuer.rpartition("/")[0]
    start = f"{base}/saml2/idp/initSLO.php?RelayState={base}/"
    return browser.there.follow(start, ours.sign_out_address(browser.provider))
