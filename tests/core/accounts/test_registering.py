"""Making an account (product A3, A4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from core.accounts import queries, services
from core.accounts.forms import SignupForm
from core.accounts.models import Person
from core.kernel import clock
from core.kernel.models import AuditEntry, OutboxMail
from core.programme.queries import current
from tests.core.accounts.forms import register, registration
from tests.factories.people import PASSWORD, browser, mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db

SENT = "/account/confirm/"


def set_policy(**policies: Any) -> None:
    programme = current()
    programme.policies_data = {**programme.policies_data, **policies}
    programme.save()


@pytest.mark.parametrize("roles", [["mentor"], ["mentee"], ["mentor", "mentee"]])
def test_newcomer_registers_as_mentor_mentee_or_both(roles: list[str]) -> None:
    response = register(roles=roles)
    assert response.headers["Location"] == SENT
    person = Person.objects.get(username="wren")
    assert person.roles == roles
    assert person.full_name == "Wren Marlowe"
    assert person.time_zone == current().time_zone
    assert not queries.is_confirmed(person)
    assert AuditEntry.objects.filter(verb="person registered", thing_id=person.pk).exists()


def test_newcomer_confirms_the_address_and_is_signed_in_in_the_same_browser() -> None:
    client = browser()
    register(client, email="Wren@People.Example", username="Wren")
    (mail,) = mails_to("wren@people.example")
    assert mail.kind == "confirm_address"
    page = client.get(path_in(mail))
    assert "wren@people.example" in page.content.decode()
    assert not queries.is_confirmed(Person.objects.get(username="wren")), "a GET confirms nothing"
    client.post(path_in(mail))
    assert queries.is_confirmed(Person.objects.get(username="wren"))
    assert client.session["_auth_user_id"] == str(Person.objects.get(username="wren").pk)


def test_newcomer_who_confirms_in_another_browser_signs_in_there() -> None:
    register()
    other = browser()
    response = other.post(path_in(mails_to("wren@people.example")[0]))
    assert response.headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in other.session
    assert sign_in(other, "wren").status_code == 302


def test_confirmation_link_works_once_and_not_after_three_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register()
    path = path_in(mails_to("wren@people.example")[0])
    soon = browser().get(path)
    assert "Confirm your e-mail address" in soon.content.decode()
    from allauth.account.models import EmailConfirmation

    EmailConfirmation.objects.update(sent=clock.now() - timedelta(days=3, minutes=1))
    assert "This link cannot be used" in browser().get(path).content.decode()
    assert browser().post(path).status_code == 404
    EmailConfirmation.objects.update(sent=clock.now())
    browser().post(path)
    assert "This link cannot be used" in browser().get(path).content.decode()


def test_mails_carry_the_stored_address_whatever_the_browser_calls_the_site() -> None:
    client = browser()
    client.post("/account/signup/", registration(), headers={"X-Forwarded-Host": "evil.example"})
    (mail,) = mails_to("wren@people.example")
    assert "evil.example" not in mail.text + mail.html
    assert path_in(mail).startswith("/account/confirm/")


def test_mail_to_an_unproved_address_repeats_nothing_that_was_typed() -> None:
    register(first_name="Cheap", last_name="Pills")
    (mail,) = mails_to("wren@people.example")
    assert "Pills" not in mail.text + mail.html + mail.subject + mail.to_name


def test_role_asked_for_on_the_front_page_is_ticked() -> None:
    page = browser().get("/account/signup/?as=mentor").content.decode()
    assert page.count("checked") == 1
    assert "checked" not in browser().get("/account/signup/?as=queen").content.decode()


def test_registration_is_closed_where_the_institute_invites_people() -> None:
    set_policy(self_registration=False)
    client = browser()
    page = client.get("/account/signup/").content.decode()
    assert "by invitation" in page
    assert "password1" not in page
    register(client)
    assert not Person.objects.filter(username="wren").exists()
    assert 'href="/account/signup/' not in client.get("/account/login/").content.decode()
    assert 'href="/account/signup/' not in client.get("/").content.decode()


def test_demo_notice_stands_on_the_sign_in_page_where_membership_comes_later() -> None:
    assert "demonstration" not in browser().get("/account/login/").content.decode()
    set_policy(sign_in="membership", self_registration=False, demo_sign_in_notice=True)
    assert "demonstration accounts" in browser().get("/account/login/").content.decode()
    assert "membership" in browser().get("/account/signup/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": "a" * 300 + "@people.example"}, "email"),
        ({"email": "wren@people.example\r\nBcc: all@people.example"}, "email"),
        ({"username": "no"}, "username"),
        ({"username": "with space"}, "username"),
        ({"username": "wren@people.example"}, "username"),
        ({"username": "admin"}, "username"),
        ({"username": "u" * 61}, "username"),
        ({"username": "wr\x00en"}, "username"),
        ({"first_name": ""}, "first_name"),
        ({"first_name": "x" * 81}, "first_name"),
        ({"first_name": "http://evil.example"}, "first_name"),
        ({"last_name": "<b>Wren</b>"}, "last_name"),
        ({"last_name": "W\u202eren"}, "last_name"),
        ({"roles": []}, "roles"),
        ({"roles": ["queen"]}, "roles"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "password12", "password2": "password12"}, "password1"),
        ({"password1": "x" * 300, "password2": "x" * 300}, "password1"),
        ({"password2": "another long one"}, "password2"),
    ],
)
def test_wrong_answer_is_told_beside_its_field_and_the_rest_is_kept(
    changes: dict[str, Any], field: str
) -> None:
    response = register(**changes)
    page = response.content.decode()
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Person.objects.filter(last_name="Marlowe").exists()
    if field != "username":
        assert 'value="wren"' in page
    assert PASSWORD not in page


def test_known_address_gets_the_same_page_and_a_mail_instead_of_an_account() -> None:
    known = someone("mentee")
    stranger = register(username="first", email="unknown@people.example")
    member = register(username="second", email=known.email)
    assert stranger.status_code == member.status_code == 302
    assert stranger.headers["Location"] == member.headers["Location"] == SENT
    assert not Person.objects.filter(username="second").exists()
    (mail,) = mails_to(known.email)
    assert mail.kind == "account_exists"
    assert path_in(mail) == "/account/password/reset/"


def test_nothing_that_follows_tells_a_known_address_from_an_unknown_one() -> None:
    known = someone("mentee")
    answers = []
    for number, email in enumerate(["unknown@people.example", known.email]):
        client = browser()
        register(client, username=f"probe{number}", email=email)
        answers.append(
            [
                client.get(SENT).content.decode(),
                client.get("/account/login/").status_code,
                "cannot sign you in" in sign_in(browser(), f"probe{number}").content.decode(),
                "username is taken"
                in register(username=f"probe{number}", email="c@people.example").content.decode(),
            ]
        )
    assert answers[0] == answers[1]
    assert answers[0][2:] == [True, True]


def test_known_and_unknown_addresses_cost_the_same_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth import hashers

    known = someone("mentee")
    hashed: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def counted(self: Any, password: str, *args: Any, **kwargs: Any) -> str:
        hashed.append(password)
        return str(encode(self, password, *args, **kwargs))

    monkeypatch.setattr(hasher, "encode", counted)
    register(username="first", email="unknown@people.example")
    unknown, hashed[:] = len(hashed), []
    register(username="second", email=known.email)
    assert len(hashed) == unknown == 1


def test_too_many_registrations_from_one_connection_are_stopped() -> None:
    client = browser()
    codes = [register(client, username="x").status_code for _ in range(21)]
    assert codes[-1] == 429


def test_two_at_once_with_one_address_make_one_account(monkeypatch: pytest.MonkeyPatch) -> None:
    known = someone("mentee")
    monkeypatch.setattr(SignupForm, "validate_unique_email", lambda self, value: value)
    response = register(username="second", email=known.email)
    assert response.headers["Location"] == SENT
    assert not Person.objects.filter(username="second").exists()
    assert mails_to(known.email)[0].kind == "account_exists"


def test_two_at_once_with_one_username_get_a_clear_page(monkeypatch: pytest.MonkeyPatch) -> None:
    known = someone("mentee")
    monkeypatch.setattr(SignupForm, "clean_username", lambda self: known.username)
    response = register(email="second@people.example")
    assert response.status_code == 409
    assert not mails_to("second@people.example")


def test_registration_whose_mail_cannot_be_written_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*args: Any, **kwargs: Any) -> OutboxMail:
        raise IntegrityError

    monkeypatch.setattr("core.kernel.outbox.queue", fails)
    with pytest.raises(IntegrityError):
        register()
    assert not Person.objects.filter(username="wren").exists()


def test_unconfirmed_registration_is_forgotten_after_a_week(newcomer: Person) -> None:
    member = someone("mentee", joined_at=clock.now() - timedelta(days=90))
    assert services.forget_unconfirmed() == 0
    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        assert services.forget_unconfirmed() == 1
    assert not Person.objects.filter(pk=newcomer.pk).exists()
    assert Person.objects.filter(pk=member.pk).exists()


@pytest.fixture
def _no_cooldown(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_email": "100/m/key"}


@pytest.mark.usefixtures("_no_cooldown")
def test_address_squatted_by_a_stranger_goes_to_whoever_opens_its_mail(
    newcomer: Person,
) -> None:
    browser().post("/account/password/reset/", {"email": newcomer.email})
    (mail,) = [mail for mail in mails_to(newcomer.email) if mail.kind == "reset_password"]
    client = browser()
    form = client.get(path_in(mail), follow=True)
    words = "seven brave otters"
    client.post(form.request["PATH_INFO"], {"password1": words, "password2": words})
    assert "cannot sign you in" in sign_in(browser(), newcomer.username).content.decode()
    owner = browser()
    sign_in(owner, newcomer.email, words)
    assert owner.session["_auth_user_id"] == str(newcomer.pk)
