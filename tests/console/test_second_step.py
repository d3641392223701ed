"""Operators come in with a password and a code, and with neither alone."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import CommandError, call_command
from django.test import Client

from core.accounts.models import Person
from core.kernel.models import OutboxMail
from tenants.context import tenant_context
from tenants.models import Institute
from tests.console.conftest import PASSWORD
from tests.console.steps import address, text_of

pytestmark = pytest.mark.django_db

STEP = 60_000_000


@pytest.fixture(autouse=True)
def codes_are_asked_for(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production; the half minute does not change in the middle of a test."""
    settings.CONSOLE_SECOND_STEP = True
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([STEP]))


def code_of(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, STEP)))


def sign_in(client: Client, operator: Person) -> None:
    answer = client.post(address("sign_in"), {"username": operator.username, "password": PASSWORD})
    assert answer.status_code == 302


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set up an app; gives its key and the recovery codes."""
    page = text_of(client, address("set_up_second_step"))
    found = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert found is not None
    answer = client.post(address("set_up_second_step"), {"code": code_of(found[1])})
    return found[1], re.findall(r"<code>(\d+)</code>", answer.content.decode())


def test_operator_with_a_password_alone_sees_nothing(stranger: Client, operator: Person) -> None:
    sign_in(stranger, operator)
    for name in ("institutes", "provision"):
        answer = stranger.get(address(name))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(address("second_step"))


def test_operator_sets_up_an_app_and_comes_in_with_its_code(
    stranger: Client, operator: Person, site: Institute
) -> None:
    sign_in(stranger, operator)
    key, codes = set_up(stranger)
    assert len(codes) == 10
    assert "Institutes" in text_of(stranger, address("institutes"))
    stranger.post(address("sign_out"))
    sign_in(stranger, operator)
    wrong = stranger.post(address("second_step"), {"code": "000000"})
    assert wrong.status_code == 422
    assert "not right" in wrong.content.decode()
    assert stranger.get(address("institutes")).status_code == 302
    # Setting up a second app is no way round the first.
    assert stranger.get(address("set_up_second_step")).headers["Location"] == address("second_step")
    stranger.post(address("second_step"), {"code": code_of(key)})
    assert stranger.get(address("institutes")).status_code == 200
    with tenant_context(site):
        assert key not in str(Authenticator.objects.values_list("data", flat=True))


def test_recovery_code_lets_an_operator_in_once(stranger: Client, operator: Person) -> None:
    sign_in(stranger, operator)
    _, codes = set_up(stranger)
    for status in (200, 302):
        stranger.post(address("sign_out"))
        sign_in(stranger, operator)
        stranger.post(address("second_step"), {"code": codes[0]})
        assert stranger.get(address("institutes")).status_code == status


def test_codes_cannot_be_guessed_one_after_the_other(stranger: Client, operator: Person) -> None:
    sign_in(stranger, operator)
    key, _ = set_up(stranger)
    stranger.post(address("sign_out"))
    sign_in(stranger, operator)
    for number in range(12):
        stranger.post(address("second_step"), {"code": f"{number:06d}"})
    answer = stranger.post(address("second_step"), {"code": code_of(key)})
    assert "Too many attempts" in answer.content.decode()


def test_second_step_leads_to_no_other_site(stranger: Client, operator: Person) -> None:
    sign_in(stranger, operator)
    key, _ = set_up(stranger)
    stranger.post(address("sign_out"))
    sign_in(stranger, operator)
    answer = stranger.post(
        address("second_step"), {"code": code_of(key), "next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == address("institutes")


def test_operator_whose_phone_is_lost_starts_afresh_and_is_signed_out(
    stranger: Client, operator: Person
) -> None:
    sign_in(stranger, operator)
    set_up(stranger)
    call_command("forget_second_step", operator.username)
    assert stranger.get(address("institutes")).headers["Location"].startswith(address("sign_in"))
    sign_in(stranger, operator)
    assert stranger.get(address("second_step")).status_code == 302  # to set one up
    with pytest.raises(CommandError, match="no operator nobody"):
        call_command("forget_second_step", "nobody")


def test_operator_is_told_of_a_password_in_a_new_browser_and_not_of_known_ones(
    stranger: Client, operator: Person, site: Institute
) -> None:
    given = {"username": operator.username, "password": PASSWORD}
    firefox = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
    for agent, mails in ((firefox, 0), (firefox.replace("140", "141"), 0), (phone, 1), (phone, 1)):
        stranger.post(address("sign_in"), {**given, "password": "no"}, headers={"user-agent": "x"})
        answer = stranger.post(address("sign_in"), given, headers={"user-agent": agent})
        assert answer.status_code == 302
        stranger.post(address("sign_out"))
        with tenant_context(site):
            assert OutboxMail.objects.filter(to_address=operator.email).count() == mails
    with tenant_context(site):
        mail = OutboxMail.objects.get()
        assert "Safari on iPhone" in mail.text
        assert "operators' site" in mail.text
        assert mail.from_address.startswith("no-reply@operators.")
        assert "Safari on iPhone" in mail.html
