"""Signing in and out (product A5)."""

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session

from core.accounts import services, tasks
from core.accounts.models import Person
from core.kernel.models import AuditEntry
from tests.factories.people import PASSWORD, browser, mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db

REFUSED = "We cannot sign you in with these details."


@pytest.mark.parametrize("spelling", ["{username}", "{email}", "{USERNAME}", " {EMAIL} "])
def test_member_signs_in_with_username_or_address_in_any_spelling(spelling: str) -> None:
    person = someone("mentee")
    login = spelling.format(
        username=person.username,
        email=person.email,
        USERNAME=person.username.upper(),
        EMAIL=person.email.upper(),
    )
    client = browser()
    response = sign_in(client, login)
    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_in_page_shows_labels_the_way_back_and_the_invitation() -> None:
    page = browser().get("/account/login/").content.decode()
    assert "Username or e-mail address" in page
    assert "placeholder" not in page
    assert 'href="/account/password/reset/"' in page
    assert 'href="/account/signup/"' in page


@pytest.mark.parametrize("login", ["{username}", "{email}", "nobody", "nobody@people.example"])
def test_wrong_password_and_unknown_login_get_the_same_answer(login: str) -> None:
    person = someone("mentee")
    login = login.format(username=person.username, email=person.email)
    response = sign_in(browser(), login, "not the password")
    page = response.content.decode()
    assert response.status_code == 200
    assert REFUSED in page
    known = sign_in(browser(), person.email, "not the password").content.decode()
    assert _without_tokens(page, login) == _without_tokens(known, person.email)


def _without_tokens(page: str, login: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line and login not in line]


@pytest.mark.parametrize("login", ["{username}", "{email}", "nobody", "nobody@people.example"])
def test_every_failed_try_costs_exactly_one_hash(
    login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = someone("mentee")
    hashed: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def counted(self: Any, password: str, *args: Any, **kwargs: Any) -> str:
        hashed.append(password)
        return str(encode(self, password, *args, **kwargs))

    monkeypatch.setattr(hasher, "encode", counted)
    sign_in(browser(), login.format(username=person.username, email=person.email), "wrong words")
    assert hashed == ["wrong words"]


def test_unconfirmed_newcomer_gets_the_answer_of_a_wrong_password_and_a_mail(
    newcomer: Person,
) -> None:
    before = len(mails_to(newcomer.email))
    client = browser()
    response = sign_in(client, newcomer.username)
    assert REFUSED in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert len(mails_to(newcomer.email)) == before + 1
    confirmed = browser()
    confirmed.post(path_in(mails_to(newcomer.email)[-1]))
    assert sign_in(browser(), newcomer.username).status_code == 302


def test_unconfirmed_newcomer_is_not_reminded_twice_at_once(newcomer: Person) -> None:
    before = len(mails_to(newcomer.email))
    for _ in range(3):
        sign_in(browser(), newcomer.username)
    assert len(mails_to(newcomer.email)) == before + 1


def test_confirmed_person_is_never_reminded() -> None:
    person = someone("mentee")
    assert tasks.resend_confirmation(str(person.pk)) is False
    assert mails_to(person.email) == []


def test_person_made_by_a_command_signs_in_without_confirming() -> None:
    person = Person.objects.create_superuser("made", "made@people.example", PASSWORD)
    client = browser()
    sign_in(client, "made")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_inactive_person_cannot_sign_in_and_their_session_ends() -> None:
    person, staff = someone("mentee"), someone(is_staff=True)
    client = browser()
    sign_in(client, person.username)
    assert client.get("/account/edit/").status_code == 200
    services.set_active(person, False, by=staff)
    assert client.get("/account/edit/").status_code == 302
    again = browser()
    response = sign_in(again, person.username)
    assert response.headers["Location"] == "/account/closed/"
    assert "_auth_user_id" not in again.session
    assert "closed" in again.get("/account/closed/").content.decode()
    wrong = sign_in(browser(), person.username, "not the password")
    assert REFUSED in wrong.content.decode()


def test_session_key_changes_at_sign_in() -> None:
    person = someone("mentee")
    client = browser()
    session = client.session
    session["seen"] = "before"
    session.save()
    client.cookies["session"] = str(session.session_key)
    sign_in(client, person.username)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_signing_out_needs_a_post_and_ends_the_session() -> None:
    person = someone("mentee")
    client = browser()
    sign_in(client, person.username)
    key = client.session.session_key
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/edit/").status_code == 200
    response = client.post("/account/logout/", follow=True)
    assert "You are signed out." in response.content.decode()
    assert client.get("/account/edit/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http://guided.localhost/",
        "javascript:alert(1)",
        "\x00",
    ],
)
def test_sign_in_leads_only_to_addresses_of_this_site(target: str) -> None:
    person = someone("mentee")
    response = sign_in(browser(), person.username, next=target)
    assert response.headers["Location"] == "/"


def test_sign_in_goes_on_to_the_page_that_was_asked_for() -> None:
    person = someone("mentee")
    client = browser()
    asked = client.get("/account/edit/")
    assert asked.headers["Location"] == "/account/login/?next=/account/edit/"
    response = sign_in(client, person.username, next="/account/edit/")
    assert response.headers["Location"] == "/account/edit/"


def test_too_many_failed_tries_are_stopped_even_with_the_right_password() -> None:
    person = someone("mentee")
    client = browser()
    for _ in range(5):
        sign_in(client, person.email, "not the password")
    response = sign_in(client, person.email)
    assert "Too many tries" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_too_many_tries_from_one_connection_get_a_page_with_429() -> None:
    client = browser()
    codes = [sign_in(client, f"nobody{n}", "wrong").status_code for n in range(31)]
    assert codes[-1] == 429
    page = sign_in(client, "nobody", "wrong").content.decode()
    assert "Too many tries" in page
    assert "<h1" in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"login": "a" * 10_000, "password": "x"},
        {"login": "a\x00b", "password": "x"},
        {"login": "somebody", "password": "x" * 100_000},
        {"login": "somebody", "password": "a\x00b"},
        {"login": "\ud83d", "password": "x"},
        {"login": "' or 1=1 --", "password": "' or 1=1 --"},
    ],
)
def test_bad_input_at_sign_in_is_answered_with_the_form(sent: dict[str, str]) -> None:
    sent = {key: value.encode("utf-8", "replace").decode() for key, value in sent.items()}
    response = browser().post("/account/login/", sent)
    assert response.status_code == 200
    assert "<form" in response.content.decode()


def test_huge_post_is_refused() -> None:
    response = browser().post("/account/login/", {"login": "a" * 6_000_000, "password": "x"})
    assert response.status_code in {400, 413}


def test_sign_in_writes_no_password_anywhere() -> None:
    person = someone("mentee")
    sign_in(browser(), person.username)
    assert PASSWORD not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    "path",
    [
        "/account/login/code/",
        "/account/login/code/confirm/",
        "/account/signup/passkey/",
        "/account/3rdparty/",
        "/account/confirm-email/",
    ],
)
def test_addresses_of_allauth_that_are_not_used_do_not_exist(path: str) -> None:
    assert browser().get(path).status_code == 404
