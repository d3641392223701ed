"""Members sign in with a certified OpenID Connect provider (product A6)."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.bridges.models import GivenRole, Provider
from core.bridges.services.oidc import callback_url
from core.kernel.ids import new_id
from core.kernel.models import AuditEntry
from core.membership.models import Member, Tie
from tenants.models import Institute
from tests.core.bridges.oidc.browsing import (
    MEMBER,
    answer,
    asked_for,
    come_in,
    is_signed_in,
)
from tests.core.bridges.oidc.conftest import MakeProvider
from tests.factories.people import someone
from tests.providers.openid import OpenIdProvider, Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.providers]

Inside = Callable[[Institute], AbstractContextManager[Institute]]
MemberClient = Callable[..., Client]


def test_member_signs_in_for_the_first_time_and_again(
    ciltuk: Institute, inside: Inside, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        make_provider()
    browser = member_client(ciltuk)
    back = come_in(browser, next="/account/edit/")
    assert back.status_code == 302, back.content.decode()
    assert back["Location"] == "/account/edit/"
    with inside(ciltuk):
        person = Person.objects.get(email=MEMBER["email"])
        assert (person.full_name, person.has_usable_password()) == ("Mira Holt", False)
        assert Member.objects.get(person=person).number == "M-1042"
        assert not person.is_staff
    again = member_client(ciltuk)
    assert come_in(again).status_code == 302
    assert again.session["_auth_user_id"] == str(person.pk)
    with inside(ciltuk):
        assert Tie.objects.filter(member__person=person).count() == 1


def test_somebody_who_is_here_already_is_found_by_a_confirmed_address_alone(
    ciltuk: Institute, inside: Inside, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        person = someone("mentee", email=MEMBER["email"], first_name="Somebody", last_name="Else")
        make_provider(
            {
                "mira": MEMBER,
                "other": {**MEMBER, "email_verified": False},
                "named": {"given_name": "Somebody", "family_name": "Else"},
            }
        )
    refused = come_in(member_client(ciltuk), "other")
    assert refused.status_code == 422
    assert b"Another account here uses this e-mail address" in refused.content
    nameless = member_client(ciltuk)
    assert come_in(nameless, "named").status_code == 422
    assert not is_signed_in(nameless)
    found = member_client(ciltuk)
    assert come_in(found).status_code == 302
    assert found.session["_auth_user_id"] == str(person.pk)


def test_closed_account_stays_closed_and_lapsed_member_stays_out(
    ciltuk: Institute, inside: Inside, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        person = someone("mentee", email=MEMBER["email"])
        lapsed = {**MEMBER, "email": "lapsed@society.example", "standing": "lapsed"}
        make_provider({"mira": MEMBER, "lapsed": lapsed})
        Person.objects.filter(pk=person.pk).update(is_active=False)
    closed = member_client(ciltuk)
    refused = come_in(closed)
    assert refused.status_code == 422
    assert b"Your account here is closed" in refused.content
    out = member_client(ciltuk)
    assert come_in(out, "lapsed").status_code == 422
    assert not is_signed_in(closed)
    assert not is_signed_in(out)
    with inside(ciltuk):
        assert not Person.objects.get(pk=person.pk).is_active
        assert not Person.objects.filter(email="lapsed@society.example").exists()


def test_group_makes_somebody_staff_and_unmakes_them_but_no_head(
    ciltuk: Institute,
    inside: Inside,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
) -> None:
    team = {**MEMBER, "groups": ["members", "mentoring-team"]}
    with inside(ciltuk):
        head = someone("mentee", email="head@society.example", is_staff=True, is_superuser=True)
        provider = make_provider({"mira": team, "head": {**MEMBER, "email": head.email}})
    assert come_in(member_client(ciltuk)).status_code == 302
    assert come_in(member_client(ciltuk), "head").status_code == 422  # nobody vouches for a head
    assert come_in(member_client(ciltuk, head), "head").status_code == 302
    assert come_in(member_client(ciltuk), "head").status_code == 302
    with inside(ciltuk):
        person = Person.objects.get(email=MEMBER["email"])
        assert (person.is_staff, person.staff_role) == (True, "coordinator")
        assert GivenRole.objects.get().person == person
        society.set_up("http://a.example/", callback_url(provider), mira=MEMBER)
    assert come_in(member_client(ciltuk)).status_code == 302
    with inside(ciltuk):
        person.refresh_from_db()
        head.refresh_from_db()
        assert not person.is_staff
        assert head.is_superuser
        assert head.is_staff
        verbs = AuditEntry.objects.filter(thing_id=str(person.pk)).values_list("verb", flat=True)
        assert {"bridge.role_given", "bridge.role_taken"} <= set(verbs)


@pytest.mark.parametrize(
    "wrong",
    [
        {"forge": True},
        {"alg": "none"},
        {"alg": "HS256", "secret": "only-for-the-tests"},
        {"claims": {"aud": "somebody-else"}},
        {"claims": {"aud": ["mentoring", "somebody-else"]}},
        {"claims": {"azp": "somebody-else"}},
        {"claims": {"nonce": "another"}},
        {"claims": {"iss": "https://another.example"}},
        {"claims": {"exp": 1_600_000_000}},
        {"claims": {"iat": 1_600_000_000}},
        {"claims": {"sub": "somebody-else"}},
    ],
    ids=lambda wrong: next(iter(wrong.get("claims", wrong))),
)
def test_what_cannot_be_proved_lets_nobody_in(
    ciltuk: Institute,
    inside: Inside,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
    wrong: dict[str, Any],
) -> None:
    with inside(ciltuk):
        make_provider()
    society.tamper(**wrong)
    browser = member_client(ciltuk)
    refused = come_in(browser)
    assert refused.status_code == 422
    assert b"could not be proved" in refused.content
    assert not is_signed_in(browser)


def test_clocks_may_differ_a_little(
    ciltuk: Institute,
    inside: Inside,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
) -> None:
    with inside(ciltuk):
        make_provider()
    society.tamper(claims={"iat": int(time.time()) + 60, "exp": int(time.time()) - 60})
    assert come_in(member_client(ciltuk)).status_code == 302


def test_answer_counts_once_in_one_browser_on_one_site(
    ciltuk: Institute,
    guided: Institute,
    inside: Inside,
    member_client: MemberClient,
    make_provider: MakeProvider,
) -> None:
    with inside(guided):
        make_provider()
    with inside(ciltuk):
        make_provider()
    browser = member_client(ciltuk)
    path = answer(browser, "mira")
    other, elsewhere = member_client(ciltuk), member_client(guided)
    assert other.get(path).status_code == 422
    elsewhere.get("/sign-in/society/")
    assert elsewhere.get(path).status_code == 422
    assert not is_signed_in(other)
    assert not is_signed_in(elsewhere)
    assert browser.get(path).status_code == 302
    browser.logout()
    assert browser.get(path).status_code == 422
    assert not is_signed_in(browser)


def test_answer_of_another_issuer_is_refused(
    ciltuk: Institute, inside: Inside, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        make_provider()
    browser = member_client(ciltuk)
    path = answer(browser, "mira")
    mixed = path.replace("iss=http", "iss=https")
    assert browser.get(mixed).status_code == 422
    browser = member_client(ciltuk)
    assert browser.get(answer(browser, "mira").partition("&iss=")[0]).status_code == 422
    assert not is_signed_in(browser)


def test_session_is_a_new_one_and_an_answer_is_no_other_providers(
    ciltuk: Institute, inside: Inside, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        row = make_provider()
        row.pk, row.key = new_id(), "other"
        row.save(force_insert=True)
    browser = member_client(ciltuk)
    path = answer(browser, "mira")
    assert browser.get(path.replace("/society/", "/other/")).status_code == 422
    assert not is_signed_in(browser)
    assert browser.get(path.replace("state=", "state=x")).status_code == 422
    browser = member_client(ciltuk)
    path = answer(browser, "mira")
    before = browser.session.session_key
    assert browser.get(path).status_code == 302
    assert browser.session.session_key != before


def test_visitor_cannot_choose_where_to_come_out_or_what_is_asked(
    ciltuk: Institute, inside: Inside, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        make_provider()
    browser = member_client(ciltuk)
    begun = browser.get(
        "/sign-in/society/",
        {
            "scope": "offline_access",
            "auth_params": "redirect_uri=https://evil.example",
            "process": "connect",
        },
    )
    asked = asked_for(begun["Location"])
    assert "offline_access" not in asked["scope"]
    assert asked["redirect_uri"].endswith("/sign-in/society/callback/")
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"]
    assert asked["state"]
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        back = come_in(member_client(ciltuk), next=evil)
        assert back.status_code == 302
        assert back["Location"] in ("/", "/account/role/", "/account/edit/"), evil


def test_provider_that_is_off_or_down_is_said(
    ciltuk: Institute, inside: Inside, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        make_provider(issuer="http://127.0.0.1:9", state="on")
    refused = member_client(ciltuk).get("/sign-in/society/")
    assert refused.status_code == 422
    assert b"cannot be reached at the moment" in refused.content
    with inside(ciltuk):
        Provider.objects.update(state="off")
    assert member_client(ciltuk).get("/sign-in/society/").status_code == 404
    turned_back = member_client(ciltuk)
    with inside(ciltuk):
        Provider.objects.all().delete()
        make_provider()
    assert b"did not let you in" in come_in(turned_back, "nobody").content


def test_signing_out_here_leads_on_to_the_provider(
    ciltuk: Institute, inside: Inside, member_client: MemberClient, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        make_provider()
    browser, there = member_client(ciltuk), Visitor("mira")
    assert come_in(browser, visitor=there).status_code == 302
    page = browser.post("/account/logout/")
    assert page.status_code == 200
    assert not is_signed_in(browser)
    address = page["Refresh"].partition("url=")[2]
    back = there.sign_out(address)
    assert back == asked_for(address)["post_logout_redirect_uri"]


def test_asked_again_means_a_new_sign_in_at_the_provider(
    ciltuk: Institute,
    inside: Inside,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
) -> None:
    with inside(ciltuk):
        make_provider()
    browser = member_client(ciltuk)
    begun = browser.get("/sign-in/society/", {"afresh": "1"})
    assert asked_for(begun["Location"])["prompt"] == "login"
    assert come_in(browser, afresh="1").status_code == 302
    society.tamper(claims={"auth_time": 1_600_000_000})
    assert come_in(member_client(ciltuk), afresh="1").status_code == 422
