"""A membership that lapses, and a provider that goes away while somebody is on the way (A6)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.bridges.models import Provider
from core.bridges.services.oidc import callback_url
from core.kernel.links import absolute
from tenants.models import Institute
from tests.core.bridges import troubles
from tests.core.bridges.oidc.browsing import MEMBER, answer, come_in, is_signed_in
from tests.core.bridges.oidc.conftest import MakeProvider
from tests.core.bridges.oidc.test_sign_in import MemberClient
from tests.providers.openid import OpenIdProvider

pytestmark = [pytest.mark.django_db, pytest.mark.providers]


def test_lapsed_member_who_has_an_account_meets_the_policy_in_force(
    ciltuk: Institute,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
) -> None:
    back = callback_url(make_provider())

    def sign_in(standing: str) -> tuple[Any, Client]:
        society.set_up(absolute("/"), back, mira={**MEMBER, "standing": standing})
        browser = member_client(ciltuk)
        return come_in(browser), browser

    troubles.a_lapsed_member_with_an_account_meets_each_policy(MEMBER["email"], sign_in)


def test_provider_that_goes_down_meanwhile_is_told_with_another_way_in(
    ciltuk: Institute,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
) -> None:
    make_provider()
    browser = member_client(ciltuk)
    path = answer(browser, "mira")
    society.tamper(down=True)
    refused = browser.get(path)
    page = refused.content.decode()
    assert (refused.status_code, is_signed_in(browser)) == (422, False)
    assert "The Society cannot be reached at the moment" in page
    assert reverse("account_login") in page
    assert reverse("bridges:ask_rescue") in page
    society.tamper()
    assert come_in(browser).status_code == 302
    assert is_signed_in(browser)


def test_provider_that_is_switched_off_meanwhile_is_told(
    ciltuk: Institute, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    make_provider()
    browser = member_client(ciltuk)
    path = answer(browser, "mira")
    Provider.objects.update(state="off")
    refused = browser.get(path)
    assert refused.status_code == 422
    assert "Nobody can sign in with The Society at present." in refused.content.decode()
    Provider.objects.update(state="on")
    assert come_in(browser).status_code == 302
