"""What a provider could send that is not right, or not what it seems (product A6)."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from core.accounts.models import Person
from core.bridges.errors import NotLetIn, ProviderDown
from core.bridges.models import Provider
from core.bridges.rules import Mapping, is_name, read
from core.bridges.services import discovery, oidc
from core.bridges.services.arriving import let_in
from core.kernel import outgoing
from core.membership.errors import EmailTaken, NoAccount
from tests.core.bridges.test_arriving import a_provider
from tests.factories.people import someone

ISSUER = "https://society.example"
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = {**RSAAlgorithm.to_jwk(OURS.public_key(), as_dict=True), "kid": "1"}
PEM = OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def shared(secret: bytes) -> dict[str, Any]:
    """A key as the provider's list would hold it, that signs and proves alike."""
    return {"kty": "oct", "kid": "1", "k": _packed(secret)}


def claims(**changes: Any) -> dict[str, Any]:
    made = {"iss": ISSUER, "aud": "x", "sub": "s-1", "nonce": "n", "iat": int(time.time()),
            "exp": int(time.time()) + 60, **changes}  # fmt: skip
    return {name: value for name, value in made.items() if value is not None}


def by_hand(head: object, body: object, key: bytes = b"") -> str:
    """A token whose head the library would not write, signed with a shared secret or not at all."""
    parts = [head if isinstance(head, str) else json.dumps(head), json.dumps(body)]
    text = ".".join(_packed(part.encode()) for part in parts)
    signature = hmac.digest(key, text.encode(), "sha256") if key else b""
    return f"{text}.{_packed(signature)}"


def _packed(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def right(headers: dict[str, Any] | None = None, **how: Any) -> str:
    """A token that the provider has signed, whatever it says."""
    said = json.dumps(claims(**how)).encode()
    return jwt.PyJWS().encode(
        said, OURS, algorithm="RS256", headers={"kid": "1", **(headers or {})}
    )


HEAD = {"alg": "HS256", "kid": "1"}
KEYS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "public key as a shared secret": (by_hand(HEAD, claims(), PEM), [RSA_KEY]),
    "shared secret in the list": (by_hand(HEAD, claims(), b"s" * 32), [shared(b"s" * 32)]),
    "no algorithm": (by_hand({"alg": "none", "kid": "1"}, claims()), [RSA_KEY]),
    "nOnE": (by_hand({"alg": "nOnE"}, claims()), [RSA_KEY]),
    "an algorithm that is a list": (by_hand({"alg": ["RS256"]}, claims()), [RSA_KEY]),
    "key in the token": (
        jwt.encode(claims(), CURVE, algorithm="ES256", headers={
            "jwk": ECAlgorithm.to_jwk(CURVE.public_key(), as_dict=True), "kid": "1",
        }), [RSA_KEY],
    ),
    "key for something else": (right(), [{**RSA_KEY, "use": "enc"}]),
    "key of another algorithm": (right(), [{**RSA_KEY, "alg": "PS256"}]),
    "two keys of one name": (right(), [RSA_KEY, RSA_KEY]),
    "no keys": (right(), []),
    "unknown demands": (right({"crit": ["x"], "x": 1}), [RSA_KEY]),
    "a head of brackets": (by_hand("[" * 30_000, claims()), [RSA_KEY]),
    "too long": (right(more="m" * 60_000), [RSA_KEY]),
    "subject empty": (right(sub=""), [RSA_KEY]),
    "subject missing": (right(sub=None), [RSA_KEY]),
    "subject 0": (right(sub=0), [RSA_KEY]),
    "ends in all eternity": (right(exp=float("inf")), [RSA_KEY]),
    "nonce missing": (right(nonce=None), [RSA_KEY]),
    "nonce empty": (right(nonce=""), [RSA_KEY]),
    "nonce a list": (right(nonce=["n"]), [RSA_KEY]),
    "never ends": (right(exp=None), [RSA_KEY]),
    "ends at no time": (right(exp="soon"), [RSA_KEY]),
    "over": (right(exp=int(time.time()) - 300), [RSA_KEY]),
    "to come": (right(iat=int(time.time()) + 300), [RSA_KEY]),
    "issuer with a slash": (right(iss=f"{ISSUER}/"), [RSA_KEY]),
    "nobody's": (right(aud=[]), [RSA_KEY]),
}  # fmt: skip


def test_token_of_the_provider_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Provider(kind="oidc", name="S", issuer=ISSUER, client_id="x")
    monkeypatch.setattr(oidc, "keys_of", lambda row: [RSA_KEY])
    assert oidc.proved(row, right(exp=int(time.time()) - 60), "n")["sub"] == "s-1"


@pytest.mark.parametrize("case", KEYS)
def test_token_that_is_not_what_it_seems_counts_for_nothing(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, keys = KEYS[case]
    row = Provider(kind="oidc", name="S", issuer=ISSUER, client_id="x")
    monkeypatch.setattr(oidc, "keys_of", lambda row: keys)
    with pytest.raises(NotLetIn):
        oidc.proved(row, token, "n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"issuer": "https://evil.example"}, {"issuer": f"{ISSUER}/"}, {"token_endpoint": "http://a/"},
     {"jwks_uri": "https://10.0.0.1/keys"}, {"authorization_endpoint": None}, {"issuer": 7}],
)  # fmt: skip
def test_description_that_changes_behind_our_back_is_not_followed(
    wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    said = {"issuer": ISSUER, **{name: f"{ISSUER}/{name}" for name in parts}, **wrong}
    answer = outgoing.Answer(200, {}, json.dumps(said).encode(), ISSUER)
    monkeypatch.setattr(outgoing, "fetch", lambda url: answer)
    with pytest.raises(ProviderDown):
        discovery.configuration(Provider(kind="oidc", name="S", issuer=ISSUER))


@pytest.mark.parametrize(
    "said",
    ["false", "False", "0", 0, "", [], {}, {"true": True}, ["false"], 2, "maybe", "null"],
    ids=repr,
)
def test_only_yes_is_yes(said: object) -> None:
    found = read(Mapping(), {"email": "a@b.example", "email_verified": said}, "s", trusts=True)
    assert not found.email_verified


@pytest.mark.parametrize(
    ("sent", "kept", "verified"),
    [
        (" Mira@Society.Example\n", "mira@society.example", True),
        ("mi\u212ae@society.example", "", False),  # the sign of kelvin becomes a small k
        ("mira\u017f@society.example", "", False),
        ("m\0ira@society.example", "mira@society.example", True),
        ("mira@society.example, eve@evil.example", "", False),
        ("a" * 300 + "@society.example", "", False),
        ("mira", "", False),
        (7, "", False),
        (True, "", False),
        ({"value": "mira@society.example"}, "", False),
        (["eve@evil.example", "mira@society.example"], "eve@evil.example", False),
        ([["mira@society.example"]], "", False),
        (["mira@society.example"], "mira@society.example", True),
    ],
)
def test_address_is_one_plain_address_or_none(sent: object, kept: str, verified: bool) -> None:
    found = read(Mapping(), {"email": sent, "email_verified": True}, "s", trusts=False)
    assert (found.email, found.email_verified) == (kept, verified)


HUGE: dict[str, Any] = {
    "email": "mira@society.example", "email_verified": True, "given_name": ["M" * 90_000, {}],
    "family_name": {"a": "b"}, "no": "N\0" + "9" * 5_000, "groups": ["g"] * 20_000,
    "trade": {"deep": [[1]]}, "area": ["x\0", {"y": 1}, "z" * 9_000] * 900,
}  # fmt: skip


@pytest.mark.django_db
def test_claims_of_any_size_and_shape_become_an_account_or_a_sentence() -> None:
    row = a_provider(mapping={
        "number": "no", "groups": "groups", "fields": {"headline": "trade", "areas": "area"},
    })  # fmt: skip
    found = read(row.maps, HUGE, "s-1", trusts=False)
    assert len(found.groups) <= 500
    assert "\0" not in found.number
    assert "headline" not in found.answers
    assert all(isinstance(one, str) and "\0" not in one for one in found.answers["areas"])
    person = let_in(row, found)
    assert len(person.first_name) <= 80
    assert person.last_name == ""
    for odd in ({}, {"email": ["a"]}, {"email": None, "email_verified": "false"}):
        with pytest.raises(NoAccount):
            let_in(row, read(row.maps, odd, "s-2", trusts=True))
    assert Person.objects.filter(email="mira@society.example").count() == 1


@pytest.mark.django_db
def test_address_in_other_letters_is_the_same_address() -> None:
    row = a_provider()
    person = someone("mentee", email="mira@society.example")
    says = {"email": "MIRA@Society.EXAMPLE", "email_verified": "true"}
    assert let_in(row, read(row.maps, says, "s-1", trusts=False)) == person
    with pytest.raises(EmailTaken):
        let_in(row, read(row.maps, {**says, "email_verified": "false"}, "s-2", trusts=True))


@pytest.mark.parametrize("subject", ["", " ", "\0", "a\0b", "a\nb", "x" * 256, "\u200b"])
def test_subject_that_nobody_can_be_known_by(subject: str) -> None:
    assert not is_name(subject)
