"""A membership that lapses, and a provider that goes away while somebody is on the way (A6)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.bridges.models import Provider
from core.bridges.rules import State
from core.kernel.models import AuditEntry
from tenants.models import Institute
from tests.core.bridges import troubles
from tests.core.bridges.saml.browsing import Browser
from tests.core.bridges.saml.conftest import MemberClient
from tests.core.bridges.saml.test_sign_in import ADDRESS, DOES_NOT_COUNT, MIRA
from tests.providers.simplesaml import SimpleSaml, Visitor

pytestmark = [pytest.mark.providers, pytest.mark.django_db]

OVER = "Nobody can sign in with The Society at present."


def test_a_lapsed_member_who_has_an_account_meets_the_policy_in_force(
    browser: Browser, idp: SimpleSaml, ciltuk: Institute, member_client: MemberClient
) -> None:
    def sign_in(standing: str) -> tuple[Any, Client]:
        idp.people(mira={**MIRA, "memberStatus": standing})
        fresh = Browser(member_client(ciltuk), browser.provider, Visitor())
        return fresh.sign_in(), fresh.here

    troubles.a_lapsed_member_with_an_account_meets_each_policy(ADDRESS, sign_in)


def test_an_answer_that_never_comes_leaves_the_way_in_open(browser: Browser) -> None:
    for _ in range(6):  # the society's page does not load; the member presses the button again
        browser.ask()
    page = browser.here.get(reverse("account_login")).content.decode()
    assert "Sign in with the Society" in page
    assert "Rescue link" in page
    assert browser.sign_in().status_code == 302
    assert browser.is_signed_in


@pytest.mark.parametrize(
    "gone", [{"state": State.OFF}, {"metadata": ""}], ids=["switched off", "without its metadata"]
)
def test_a_provider_that_goes_away_meanwhile_is_told_with_another_way_in(
    browser: Browser, gone: dict[str, str]
) -> None:
    before = {name: getattr(browser.provider, name) for name in gone}
    form = browser.fetch()
    Provider.objects.update(**gone)
    refused = browser.bring(form)
    page = refused.content.decode()
    assert (refused.status_code, browser.is_signed_in) == (422, False)
    assert OVER in page
    assert reverse("account_login") in page
    assert reverse("bridges:ask_rescue") in page
    Provider.objects.update(**before)
    assert browser.sign_in().status_code == 302
    assert browser.is_signed_in


def test_a_key_that_rolls_over_meanwhile_is_asked_for_and_the_second_try_works(
    browser: Browser, idp: SimpleSaml
) -> None:
    Provider.objects.update(address=idp.metadata_url)
    there = browser.ask()
    idp.new_key()
    refused = browser.bring(browser.there.sign_in(there, "mira"))
    assert DOES_NOT_COUNT in refused.content.decode()
    assert not browser.is_signed_in
    assert AuditEntry.objects.filter(verb="bridge.keys_changed").count() == 1
    assert browser.sign_in().status_code == 302
    assert browser.is_signed_in
