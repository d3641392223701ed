"""The society says behind the browser's back that somebody signed out there (product A6)."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client

from core.accounts.models import Person
from core.bridges.models import Provider
from core.bridges.services.hearing import EVENT
from core.bridges.services.oidc import sign_out_url
from core.kernel.models import AuditEntry
from tenants.models import Institute
from tests.core.bridges.oidc.browsing import MEMBER, come_in, is_signed_in
from tests.core.bridges.oidc.conftest import MakeProvider
from tests.factories.people import browser, someone
from tests.providers.openid import CLIENT, OpenIdProvider, Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.providers]

Inside = Callable[[Institute], AbstractContextManager[Institute]]
MemberClient = Callable[..., Client]
WHERE = "/sign-in/society/signed-out/"
OTHER = {**MEMBER, "email": "ona@society.example", "member_no": "M-2"}


def sid_of(client: Client) -> str:
    return str(client.session["bridge"]["sid"])


def said(society: OpenIdProvider, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A logout token of the society; a claim that is None is left out."""
    made = {
        "iss": society.base, "aud": CLIENT, "iat": int(time.time()), "sub": "mira",
        "exp": int(time.time()) + 120, "jti": f"n-{time.monotonic_ns()}", "events": {EVENT: {}},
        **claims,
    }  # fmt: skip
    return society.signed(
        claims={name: value for name, value in made.items() if value is not None},
        header={"typ": "logout+jwt", **(header or {})},
        forge=bool((header or {}).get("forge")),
    )


def test_signing_out_at_the_society_ends_the_one_session_here(
    ciltuk: Institute,
    inside: Inside,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
) -> None:
    with inside(ciltuk):
        row = make_provider({"mira": MEMBER, "ona": OTHER})
        local = someone("mentee")
    here, desk = member_client(ciltuk), Visitor("mira")
    assert come_in(here, visitor=desk).status_code == 302
    phone, other, own = (member_client(ciltuk) for _ in range(3))
    own.force_login(local)
    assert come_in(phone).status_code == 302
    assert come_in(other, "ona").status_code == 302
    assert sid_of(here) not in ("", sid_of(phone))
    desk.sign_out(f"{society.base}/session/end?client_id={CLIENT}")
    [told] = society.told()
    with inside(ciltuk):
        assert told["url"] == sign_out_url(row)
        system = browser(enforce_csrf_checks=True)
    sent = {name: values[0] for name, values in parse_qs(told["body"]).items()}
    answer = system.post(urlsplit(told["url"]).path, sent)
    assert (answer.status_code, answer.content) == (200, b""), answer.content
    assert "no-store" in answer["Cache-Control"]
    assert not is_signed_in(here)
    assert is_signed_in(phone)
    assert is_signed_in(other)
    assert is_signed_in(own)
    with inside(ciltuk):
        entry = AuditEntry.objects.get(verb="bridge.signed_out")
        assert entry.thing_id == str(Person.objects.get(email=MEMBER["email"]).pk)
    assert system.post(WHERE, sent).status_code == 400  # once


def test_subject_alone_ends_all_of_their_sessions_and_a_session_alone_its_own(
    ciltuk: Institute,
    inside: Inside,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
) -> None:
    with inside(ciltuk):
        make_provider({"mira": MEMBER, "ona": OTHER})
    here, phone, other = (member_client(ciltuk) for _ in range(3))
    for client, who in ((here, "mira"), (phone, "mira"), (other, "ona")):
        assert come_in(client, who).status_code == 302
    system = member_client(ciltuk)
    wrong = said(society, sid=sid_of(other))  # of another person: nobody's
    assert system.post(WHERE, {"logout_token": wrong}).status_code == 200
    assert all(is_signed_in(one) for one in (here, phone, other))
    alone = said(society, sub=None, sid=sid_of(other))
    assert system.post(WHERE, {"logout_token": alone}).status_code == 200
    assert (is_signed_in(other), is_signed_in(here)) == (False, True)
    with inside(ciltuk):
        Provider.objects.update(state="off")
    assert system.post(WHERE, {"logout_token": said(society)}).status_code == 200
    assert not is_signed_in(here)
    assert not is_signed_in(phone)


def test_what_is_no_logout_token_ends_nothing(
    ciltuk: Institute,
    guided: Institute,
    inside: Inside,
    member_client: MemberClient,
    make_provider: MakeProvider,
    society: OpenIdProvider,
) -> None:
    with inside(guided):
        make_provider(client_id="of-the-other-site")
    with inside(ciltuk):
        make_provider()
    here, system = member_client(ciltuk), member_client(ciltuk)
    assert come_in(here).status_code == 302
    id_token = here.session["bridge"]["id_token"]
    secret = {"iss": society.base, "aud": CLIENT, "iat": int(time.time()), "sub": "mira",
              "jti": "x", "events": {EVENT: {}}}  # fmt: skip
    tokens = {
        "nothing": "", "rubbish": "a.b.c", "an ID token": id_token,
        "no signature": jwt.encode(secret, "", algorithm="none"),
        "shared secret": jwt.encode(secret, "only-for-the-tests-of-this-house", algorithm="HS256"),
        "another key": said(society, {"forge": True}),
        "unknown key": said(society, {"kid": "unknown"}),
        "another kind": said(society, {"typ": "at+jwt"}),
        "another issuer": said(society, iss="https://evil.example"),
        "another site's": said(society, aud="of-the-other-site"),
        "old": said(society, iat=int(time.time()) - 3600, exp=None),
        "over": said(society, exp=int(time.time()) - 3600),
        "to come": said(society, iat=int(time.time()) + 3600),
        "without a time": said(society, iat=None),
        "with a nonce": said(society, nonce="n"),
        "without events": said(society, events=None),
        "another event": said(society, events={"https://else.example": {}}),
        "events that are a list": said(society, events=[EVENT]),
        "event that is a text": said(society, events={EVENT: "yes"}),
        "nobody": said(society, sub=None),
        "a number": said(society, sub=7),
        "a list": said(society, sub=None, sid=["x"]),
        "what no row can hold": said(society, sub="mi\0ra"),
        "without a number": said(society, jti=None),
        "number that is a list": said(society, jti=["x"]),
    }  # fmt: skip
    for name, token in tokens.items():
        answer = system.post(WHERE, {"logout_token": token})
        assert answer.status_code == 400, name
        assert answer.json()["error"] == "invalid_request", name
        assert "no-store" in answer["Cache-Control"], name
    assert system.post(WHERE, {"logout_token": [said(society), said(society)]}).status_code == 400
    assert system.post(WHERE).status_code == 400
    assert system.get(WHERE).status_code == 405
    assert system.post("/sign-in/nobody/signed-out/").status_code == 404
    elsewhere = member_client(guided)
    assert elsewhere.post(WHERE, {"logout_token": said(society)}).status_code == 400
    assert is_signed_in(here)
    late = said(society, iat=int(time.time()) + 60, exp=int(time.time()) - 60)
    assert system.post(WHERE, {"logout_token": late}).status_code == 200
    assert not is_signed_in(here)
