"""A member sets up a second step, signs in with it, and finds a way in without the phone."""

import base64
import hashlib
import hmac
import re
import struct
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from core.kernel.sealing import seal, unseal
from core.programme.models import Programme
from tests.factories.people import PASSWORD, browser, mails_to, sign_in, someone

pytestmark = pytest.mark.django_db

INDEX = "/account/second-step/"


STEP = 60_000_000


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The half minute does not change in the middle of a test."""
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([STEP]))


def code_of(secret: str) -> str:
    """What an authenticator app shows for this key (RFC 6238)."""
    counter = struct.pack(">Q", STEP)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def read(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


def signed_in(person: Person, **options: Any) -> Client:
    client = browser(**options)
    sign_in(client, person.username)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def set_up_app(client: Client) -> str:
    """Add an authenticator app; gives its key."""
    page = read(client.get(reverse("mfa_activate_totp")))
    found = re.search(r'<code class="code">([A-Z2-7]+)</code>', page)
    assert found is not None
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(found[1])})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    return found[1]


def demand_of_staff() -> None:
    row = Programme.objects.get()
    row.policies_data = {**row.policies_data, "second_factor": "staff"}
    row.save()


def test_member_sets_up_an_app_and_is_asked_for_its_code(
    django_capture_on_commit_callbacks: Any,
) -> None:
    person = someone("mentee")
    with django_capture_on_commit_callbacks(execute=True):
        key = set_up_app(signed_in(person))
    assert [mail.subject for mail in mails_to(person.email)] == [
        "An authenticator app was added to your account"
    ]
    assert AuditEntry.objects.filter(verb="second step added").count() == 2  # and the codes
    client = browser()
    assert sign_in(client, person.username).headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert "This code is not right" in read(
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    )
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code_of(key)})
    assert client.session["_auth_user_id"] == str(person.pk)
    # The same code does not open a second time.
    other = browser()
    sign_in(other, person.username)
    assert "This code is not right" in read(
        other.post(reverse("mfa_authenticate"), {"code": code_of(key)})
    )


def test_key_rests_sealed_and_is_written_nowhere_in_clear() -> None:
    person = someone("mentee")
    key = set_up_app(signed_in(person))
    row = Authenticator.objects.get(user=person, type="totp")
    assert key not in str(row.data)
    assert key in unseal("second step", row.data["secret"])
    with pytest.raises(ValueError, match="not sealed here"):
        unseal("another purpose", seal("second step", key))


def test_recovery_code_lets_in_once_when_the_phone_is_lost() -> None:
    person = someone("mentee")
    client = signed_in(person)
    set_up_app(client)
    page = read(client.get(reverse("mfa_view_recovery_codes")))
    codes = re.findall(r'<code class="code">(\w+)</code>', page)
    assert len(codes) == 10
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert codes[0] in file.content.decode()
    for allowed in (True, False):
        other = browser()
        sign_in(other, person.username)
        other.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert ("_auth_user_id" in other.session) is allowed


def test_staff_are_led_to_set_up_a_step_where_the_institute_asks_for_it() -> None:
    person = someone(is_staff=True)
    client = signed_in(person)
    assert client.get("/staff/").status_code == 200
    demand_of_staff()
    assert client.get("/staff/").headers["Location"] == INDEX
    assert client.get(INDEX).status_code == 200
    set_up_app(client)
    assert client.get("/staff/").status_code == 200


def test_staff_cannot_remove_their_last_step_and_members_can() -> None:
    demand_of_staff()
    for is_staff in (True, False):
        person = someone("mentee", is_staff=is_staff)
        client = signed_in(person)
        set_up_app(client)
        page = read(client.get(reverse("mfa_deactivate_totp")))
        assert ("Add another one before you remove" in page) is is_staff
        client.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=person).exists() is is_staff


def test_member_without_the_demand_is_never_led_away() -> None:
    demand_of_staff()
    client = signed_in(someone("mentee"))
    assert client.get("/staff/").status_code == 404


@pytest.mark.parametrize(
    "credential",
    ["", "null", "7", "[]", "{}", '{"id": 1}', '{"response": {"userHandle": "eA"}}', "x" * 20_000],
)
def test_rubbish_in_place_of_a_passkey_signs_nobody_in(credential: str) -> None:
    client = browser()
    client.get(reverse("mfa_login_webauthn"))
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.status_code in (302, 422)
    assert "_auth_user_id" not in client.session
