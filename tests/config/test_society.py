"""The OpenID provider of the demo's society: what it gives, to whom, and how often."""

import base64
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from config.demo.society import place, provider, register, sites, telling

BACK = "http://connect.localhost:8000/sign-in/society/callback/"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": place.CLIENT,
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid email profile membership",
    "state": "s",
    "nonce": "n",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
EXCHANGE = {
    "grant_type": "authorization_code",
    "client_id": place.CLIENT,
    "client_secret": "secret",
    "redirect_uri": BACK,
    "code_verifier": VERIFIER,
}


@pytest.fixture(autouse=True)
def who(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[register.Member]:
    """A member of a society that was opened for this test."""
    monkeypatch.setattr(place, "folder", lambda: tmp_path)
    place.key.cache_clear()
    place.write(place.Settings(client_secret="secret", back=(BACK,), out=("http://c.localhost/",)))
    yield register.enrol(
        register.Member(
            "sub", "CS-1", "mentee", "Anwen", "Vaughan", "a@connect.example", "Claims", 2019
        )
    )
    place.key.cache_clear()
    place.chosen.cache_clear()


def _code(who: register.Member) -> str:
    went = provider.answer(provider.read(ASKED), who, 1000)
    query = parse_qs(urlsplit(went).query)
    assert went.startswith(BACK)
    assert (query["state"], query["iss"]) == (["s"], [place.address()])
    return query["code"][0]


def _exchanged(code: str, **other: str) -> dict[str, Any]:
    return provider.exchange({**EXCHANGE, "code": code, **other}, "")


def test_member_gets_a_signed_token_with_what_the_scopes_allow(who: register.Member) -> None:
    said = _exchanged(_code(who))
    (key,) = provider.keys()["keys"]
    claims = jwt.decode(
        said["id_token"],
        jwt.PyJWK(key),
        ["RS256"],
        audience=place.CLIENT,
        issuer=place.address(),
        options={"require": ["exp", "iat", "sub"]},
    )
    assert (claims["sub"], claims["nonce"], claims["auth_time"]) == ("sub", "n", 1000)
    assert (claims["membership_number"], claims["membership_status"]) == ("CS-1", "current")
    assert jwt.get_unverified_header(said["id_token"])["kid"] == key["kid"]
    assert "d" not in key
    told = provider.userinfo(f"Bearer {said['access_token']}")
    assert (told["sub"], told["email"], told["email_verified"]) == ("sub", who.email, True)
    assert provider.leaver(said["id_token"]) == "sub"


def test_code_is_good_once_and_a_second_use_ends_its_token(who: register.Member) -> None:
    code = _code(who)
    token = _exchanged(code)["access_token"]
    with pytest.raises(provider.Error, match="used before"):
        _exchanged(code)
    with pytest.raises(provider.Error, match="too old"):
        provider.userinfo(f"Bearer {token}")


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://connect.localhost:8000/"}, "invalid_grant"),
        ({"code": "made-up"}, "invalid_grant"),
        ({"client_secret": "guess"}, "invalid_client"),
        ({"client_id": "other"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_code_of_somebody_else_is_not_exchanged(
    who: register.Member, other: dict[str, str], name: str
) -> None:
    code = _code(who)
    with pytest.raises(provider.Error) as refused:
        provider.exchange({**EXCHANGE, "code": code, **other}, "")
    assert refused.value.name == name
    assert refused.value.status == (401 if name == "invalid_client" else 400)


def test_client_may_show_its_secret_in_the_header(who: register.Member) -> None:
    coded = base64.b64encode(b"connect:secret").decode()
    given = {**EXCHANGE, "code": _code(who), "client_secret": "", "client_id": ""}
    assert provider.exchange(given, f"Basic {coded}")["token_type"] == "Bearer"


def test_site_that_was_let_in_gets_tokens_of_its_own_until_it_is_removed(
    who: register.Member,
) -> None:
    back = "http://other.localhost:8000/sign-in/b/callback/"
    client, secret = sites.admit("Other", back, "")
    own = {"client_id": client, "redirect_uri": back}
    assert sites.origins().split()[-1] == "http://other.localhost:8000"
    with pytest.raises(provider.Error, match="somebody else"):
        _exchanged(_code(who), client_id=client, client_secret=secret)
    with pytest.raises(provider.Wrong):
        provider.read({**ASKED, "client_id": client})
    went = provider.answer(provider.read({**ASKED, **own}), who, 1000)
    code = parse_qs(urlsplit(went).query)["code"][0]
    token = _exchanged(code, **own, client_secret=secret)["id_token"]
    assert jwt.decode(token, options={"verify_signature": False})["aud"] == client
    assert provider.leaver(token) == "sub"
    sites.remove(client)
    with pytest.raises(provider.Wrong):
        provider.read({**ASKED, **own})
    assert provider.leaver(token) == ""


@pytest.mark.parametrize(
    "other", [{"client_id": "x"}, {"redirect_uri": "https://a.example/"}, {"redirect_uri": ""}]
)
def test_request_of_an_unknown_site_is_led_nowhere(other: dict[str, str]) -> None:
    with pytest.raises(provider.Wrong):
        provider.read({**ASKED, **other})


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "email"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"request": "x"}, "request_not_supported"),
    ],
)
def test_request_that_cannot_be_met_goes_back_with_its_error(
    other: dict[str, str], name: str
) -> None:
    with pytest.raises(provider.Refused) as refused:
        provider.read({**ASKED, **other})
    query = parse_qs(urlsplit(refused.value.location).query)
    assert refused.value.location.startswith(BACK)
    assert (query["error"], query["state"]) == ([name], ["s"])


def test_nobody_is_signed_out_by_a_token_of_somebody_else(who: register.Member) -> None:
    forged = jwt.encode({"sub": "sub", "aud": place.CLIENT, "iss": place.address()}, "x" * 40)
    assert provider.leaver(forged) == ""
    assert provider.out_to({"post_logout_redirect_uri": "https://a.example/"}) == ""
    asked = {"post_logout_redirect_uri": "http://c.localhost/", "state": "7"}
    assert provider.out_to(asked) == "http://c.localhost/?state=7"


def test_register_keeps_addresses_apart_and_scim_tells_the_standing(who: register.Member) -> None:
    other = register.enrol(
        register.Member("two", "CS-2", None, "Keir", "Moran", "k@connect.example", "Claims", 2020)
    )
    with pytest.raises(register.EmailHeld):
        register.change(other, email=who.email)
    lapsed = register.change(other, status="lapsed")
    assert telling.resource(lapsed)[telling.MEMBER] == {"number": "CS-2", "status": "lapsed"}
    assert not telling.tell(lapsed, other).done
    assert register.called("A@CONNECT.example") == register.called("mentee") == who
