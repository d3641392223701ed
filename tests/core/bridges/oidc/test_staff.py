"""Managers say through which providers people sign in (product A6)."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.bridges.models import Provider, Rescue
from core.bridges.rules import RESCUE_PURPOSE, Kind, State
from core.kernel.models import AuditEntry
from core.kernel.signing import sign
from core.membership.models import Member
from core.programme.models import Programme
from tenants.models import Institute
from tests.core.bridges.oidc.browsing import MAPPING, MEMBER, come_in, is_signed_in
from tests.core.bridges.oidc.conftest import MakeProvider
from tests.factories.people import browser, mails_to, path_in, sign_in, someone
from tests.providers.openid import CLIENT, CLIENT_SECRET, OpenIdProvider

pytestmark = pytest.mark.django_db

Inside = Callable[[Institute], AbstractContextManager[Institute]]


def a_provider(**changes: Any) -> Provider:
    """One that nobody can reach."""
    return Provider.objects.create(**{
        "key": "society", "kind": Kind.OIDC, "name": "The Society", "state": State.ON,
        "button": "Sign in with the Society", "issuer": "https://id.society.example",
        "client_id": "x", "mapping": MAPPING, **changes,
    })  # fmt: skip


def manager(**fields: Any) -> Client:
    person = someone(is_staff=True, **fields)
    client = browser()
    assert sign_in(client, person.username).status_code == 302
    return client


@pytest.mark.providers
def test_manager_adds_tries_and_switches_on(
    ciltuk: Institute, inside: Inside, society: OpenIdProvider
) -> None:
    with inside(ciltuk):
        client = manager(staff_role="manager", is_superuser=True)
    society.set_up("http://a.example/", "http://a.example/back", mira=MEMBER)
    new = "/staff/sign-in/new/oidc/"
    sent = {
        "name": "The Society", "button": "Go", "client_id": CLIENT, "secret": CLIENT_SECRET,
        "scopes": "openid profile email society", "address": f"{society.base}/nowhere",
    }  # fmt: skip
    refused = client.post(new, sent)
    assert refused.status_code == 422
    assert b"There is no description of a provider at" in refused.content
    assert b"/sign-in/card/callback/" in client.post(new, {**sent, "key": "card"}).content
    blind = client.post(new, {**sent, "address": society.base, "scopes": "email"})
    assert b"Keep openid among them" in blind.content
    inner = client.post(new, {**sent, "address": "https://localhost/"})
    assert inner.status_code == 422
    made = client.post(new, {**sent, "address": society.base})
    assert made.status_code == 302, made.content.decode()
    with inside(ciltuk):
        row = Provider.objects.get()
        assert (row.key, row.state, row.issuer) == ("the-society", "off", society.base)
        assert CLIENT_SECRET not in row.secret_sealed
        assert row.secret == CLIENT_SECRET
    page = client.get(made["Location"])
    assert CLIENT_SECRET not in page.content.decode()
    assert "/sign-in/the-society/callback/" in page.content.decode()
    client.post(made["Location"], {"step": "state:on"})
    client.post(made["Location"], {"step": "state:test"})
    with inside(ciltuk):
        row.refresh_from_db()
        assert row.state == "test"


@pytest.mark.providers
def test_trial_shows_what_would_happen_and_changes_nothing(
    ciltuk: Institute, inside: Inside, make_provider: MakeProvider
) -> None:
    with inside(ciltuk):
        row = make_provider(state=State.TEST)
        client = manager(staff_role="manager")
        person = someone("mentor")
        before = (Person.objects.count(), Member.objects.count())
        stranger = browser()
        member = browser()
        sign_in(member, person.username)
    assert stranger.get("/sign-in/society/").status_code == 404
    assert stranger.get("/sign-in/society/?try=1").status_code == 404
    assert member.get("/sign-in/society/?try=1").status_code == 404
    page = come_in(client, **{"try": "1"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "Mira Holt would be signed in" in text
    assert "A new account would be made" in text
    assert "M-1042" in text
    with inside(ciltuk):
        assert (Person.objects.count(), Member.objects.count()) == before
        row.secret = "not the one it gave"
        row.save(update_fields=["secret_sealed"])
    wrong = come_in(client, **{"try": "1"})
    assert b"does not take the client ID or the secret" in wrong.content
    assert f"/staff/sign-in/{row.pk}/" in wrong.content.decode()
    with inside(ciltuk):
        row.secret = CLIENT_SECRET
        row.save(update_fields=["secret_sealed"])
        row.refresh_from_db()
        assert row.tried_at is not None
    assert client.get(f"/staff/sign-in/{row.pk}/").status_code == 200
    client.post(f"/staff/sign-in/{row.pk}/", {"step": "state:on"})
    with inside(ciltuk):
        row.refresh_from_db()
        assert row.state == "on"


def test_others_of_the_team_do_not_see_providers(ciltuk: Institute, inside: Inside) -> None:
    with inside(ciltuk):
        row = a_provider()
        for role in ("coordinator", "editor", "reader"):
            client = manager(staff_role=role)
            for path in ("", "new/oidc/", f"{row.pk}/"):
                assert client.get(f"/staff/sign-in/{path}").status_code == 403
        assert b"Signing in elsewhere" not in client.get("/staff/").content


def test_manager_maps_claims_and_only_a_head_maps_groups(ciltuk: Institute, inside: Inside) -> None:
    with inside(ciltuk):
        row = a_provider(state=State.OFF)
        client = manager(staff_role="manager")
        head = manager(is_superuser=True)
    path = f"/staff/sign-in/{row.pk}/"
    sent = {"step": "settings", "name": "S", "button": "B", "email": "mail", "status": "st",
            "current_words": "Full, Fellow", "lapsed_words": "Late", "makes_accounts": "on",
            "groups": "evil", "role_manager": "everybody"}  # fmt: skip
    twice = client.post(path, {**sent, "lapsed_words": "full"})
    assert twice.status_code == 422
    assert client.post(path, sent).status_code == 302
    with inside(ciltuk):
        row.refresh_from_db()
        assert row.maps.current_words == ("Full", "Fellow")
        assert row.maps.groups == "groups"
        assert row.maps.roles == {"mentoring-team": "coordinator"}
    assert head.post(path, {**sent, "role_manager": "chairs"}).status_code == 302
    with inside(ciltuk):
        row.refresh_from_db()
        assert (row.maps.groups, row.maps.roles) == ("evil", {"chairs": "manager"})


def test_sign_in_page_follows_the_rules_of_the_programme(ciltuk: Institute, inside: Inside) -> None:
    with inside(ciltuk):
        a_provider()
        person = someone("mentee")
        stranger = browser()
        page = stranger.get("/account/login/?next=/mentors/").content.decode()
        assert 'href="/sign-in/society/?next=%2Fmentors%2F"' in page
        assert "Sign in with the Society" in stranger.get("/").content.decode()
        assert 'name="password"' in page
        row = Programme.objects.get()
        row.policies_data = {
            **row.policies_data, "sign_in": "membership", "self_registration": False,
            "membership_link": "https://society.example/", "demo_sign_in_notice": False,
        }  # fmt: skip
        row.save()
        page = stranger.get("/account/login/").content.decode()
        assert 'name="password"' not in page
        assert 'name="password"' not in stranger.get("/").content.decode()
        assert sign_in(stranger, person.username).status_code == 302
        assert not is_signed_in(stranger)
        Provider.objects.update(auto=True)
        away = stranger.get("/account/login/?next=/mentors/")
        assert away["Location"] == "/sign-in/society/?next=%2Fmentors%2F"
        assert stranger.get("/account/login/?here=1").status_code == 200
        assert stranger.get("/account/login/?next=https://evil.example/")["Location"] == (
            "/sign-in/society/"
        )


def test_staff_come_in_with_a_rescue_link_once_and_nobody_else_does(
    ciltuk: Institute, inside: Inside
) -> None:
    with inside(ciltuk):
        a_provider()
        team, member = someone(is_staff=True), someone("mentee")
        client = browser()
        answers = []
        for address in (team.email, member.email, "nobody@people.example"):
            answers.append(client.post("/sign-in/rescue/", {"email": address}))
        assert {answer.status_code for answer in answers} == {200}
        texts = {re.sub(r'nonce="[^"]*"|value="[^"]*"', "", a.content.decode()) for a in answers}
        assert len(texts) == 1
        assert not mails_to(member.email)
        [mail] = mails_to(team.email)
        path = path_in(mail)
        assert client.get(path).status_code == 200
        assert not is_signed_in(client)
        assert client.post(path).status_code == 302
        assert client.session["_auth_user_id"] == str(team.pk)
        again = browser()
        assert again.post(path).status_code == 404
        assert not is_signed_in(again)
        verbs = set(AuditEntry.objects.filter(thing_id=str(team.pk)).values_list("verb", flat=True))
        assert {"bridge.rescue_asked", "bridge.rescue_used"} <= verbs
        team.is_staff = False
        team.save()
        other = Rescue.objects.create(person=team)
        gone = browser()
        assert (
            gone.post(f"/sign-in/rescue/{sign(RESCUE_PURPOSE, str(other.pk))}/").status_code == 422
        )
        assert not is_signed_in(gone)
