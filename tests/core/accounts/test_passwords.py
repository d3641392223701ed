"""Forgotten and changed passwords (product A5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from tests.factories.people import PASSWORD, browser, mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db

NEW = "seven brave otters"


def ask(email: str, **options: Any) -> Any:
    return browser(**options).post("/account/password/reset/", {"email": email})


def link_for(person: Person) -> str:
    ask(person.email)
    return path_in(mails_to(person.email)[-1])


def choose(path: str, password: str = NEW, again: str | None = None) -> Any:
    client = browser()
    form = client.get(path, follow=True)
    return client.post(
        form.request["PATH_INFO"],
        {"password1": password, "password2": password if again is None else again},
        follow=True,
    )


def test_member_who_forgot_the_password_chooses_a_new_one_by_mail() -> None:
    person = someone("mentee")
    path = link_for(person)
    assert person.username in mails_to(person.email)[-1].text
    page = choose(path).content.decode()
    assert "Your password is changed" in page
    assert sign_in(browser(), person.username, NEW).status_code == 302
    assert "cannot sign you in" in sign_in(browser(), person.username).content.decode()
    assert mails_to(person.email)[-1].kind == "password_changed"
    assert AuditEntry.objects.filter(verb="password reset", thing_id=person.pk).exists()


def test_key_of_the_link_is_not_in_the_address_of_the_form() -> None:
    client = browser()
    path = link_for(someone("mentee"))
    form = client.get(path, follow=True)
    assert form.request["PATH_INFO"].endswith("/set-password/")


def test_link_works_once() -> None:
    path = link_for(someone("mentee"))
    choose(path)
    assert "This link cannot be used" in browser().get(path).content.decode()


def test_link_dies_with_the_next_sign_in_and_with_the_old_address() -> None:
    person = someone("mentee")
    path = link_for(person)
    sign_in(browser(), person.username)
    assert "This link cannot be used" in browser().get(path).content.decode()
    path = link_for(person)
    Person.objects.filter(pk=person.pk).update(email="else@people.example")
    assert "This link cannot be used" in browser().get(path).content.decode()


def test_link_dies_after_a_day(settings: Any) -> None:
    assert timedelta(days=1).total_seconds() == settings.PASSWORD_RESET_TIMEOUT


@pytest.mark.parametrize(
    "path",
    [
        "/account/password/reset/0/x/",
        "/account/password/reset/{pk}/abc-def/",
        "/account/password/reset/{pk}/set-password/",
        f"/account/password/reset/{'f' * 400}/abc-def/",
        "/account/password/reset/zzzz/abc-def/",
    ],
)
def test_made_up_links_are_refused(path: str) -> None:
    response = browser().get(path.format(pk=someone("mentee").pk.hex))
    assert "This link cannot be used" in response.content.decode()


def test_known_unknown_and_closed_addresses_get_the_same_answer_and_one_mail_each() -> None:
    known, closed = someone("mentee"), someone("mentee", is_active=False)
    kinds = {}
    pages = set()
    for email in (known.email, closed.email, "unknown@people.example"):
        response = ask(email)
        assert response.headers["Location"] == "/account/password/reset/sent/"
        pages.add(browser().get(response.headers["Location"]).content)
        (mail,) = mails_to(email)
        kinds[email] = mail.kind
    assert len(pages) == 1
    assert list(kinds.values()) == ["reset_password", "no_account", "no_account"]


def test_mail_to_an_unknown_address_does_not_offer_registration_where_it_is_closed() -> None:
    from tests.core.accounts.test_registering import set_policy

    set_policy(self_registration=False)
    ask("unknown@people.example")
    assert "Create an account" not in mails_to("unknown@people.example")[0].text


def test_address_that_was_only_asked_for_gets_no_link_to_the_account() -> None:
    from allauth.account.models import EmailAddress

    person = someone("mentee")
    EmailAddress.objects.create(user=person, email="wanted@people.example", verified=False)
    ask("wanted@people.example")
    assert mails_to("wanted@people.example")[0].kind == "no_account"


def test_asking_again_and_again_is_stopped() -> None:
    codes = [ask("unknown@people.example").status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


@pytest.mark.parametrize(
    "email", ["", "x", "a\x00@people.example", "a" * 300 + "@people.example", "a@b\r\nBcc: c@d.e"]
)
def test_bad_address_is_told_beside_the_field(email: str) -> None:
    response = ask(email)
    assert response.status_code == 200
    assert "email" in response.context["form"].errors


@pytest.mark.parametrize(
    ("first", "again"), [("short", "short"), (NEW, "other words here"), ("x" * 300, "x" * 300)]
)
def test_poor_new_password_is_refused(first: str, again: str) -> None:
    person = someone("mentee")
    choose(link_for(person), first, again)
    assert sign_in(browser(), person.username).status_code == 302


def test_changing_the_password_ends_the_other_sessions_and_tells_the_owner() -> None:
    person = someone("mentee")
    here, there = browser(), browser()
    for client in (here, there):
        sign_in(client, person.username)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    response = here.post("/account/password/", sent)
    assert response.headers["Location"] == "/account/edit/"
    assert here.get("/account/edit/").status_code == 200
    assert there.get("/account/edit/").status_code == 302
    assert mails_to(person.email)[-1].kind == "password_changed"
    assert AuditEntry.objects.filter(verb="password changed", thing_id=person.pk).exists()


def test_changing_the_password_needs_the_present_one() -> None:
    person = someone("mentee")
    client = browser()
    sign_in(client, person.username)
    sent = {"oldpassword": "not this", "password1": NEW, "password2": NEW}
    page = client.post("/account/password/", sent).content.decode()
    assert "This is not your present password." in page
    assert not mails_to(person.email)


def test_guessing_the_present_password_is_stopped() -> None:
    person = someone("mentee")
    client = browser()
    sign_in(client, person.username)
    sent = {"oldpassword": "not this", "password1": NEW, "password2": NEW}
    codes = [client.post("/account/password/", sent).status_code for _ in range(6)]
    assert codes[-1] == 429


def test_person_without_a_password_is_led_to_the_mailbox() -> None:
    person = someone("mentee", password=None)
    client = browser()
    client.force_login(person)
    assert client.get("/account/password/").headers["Location"] == "/account/password/reset/"


def test_closing_of_sessions_leaves_other_people_alone() -> None:
    person, other = someone("mentee"), someone("mentee")
    client, theirs = browser(), browser()
    sign_in(client, person.username)
    sign_in(theirs, other.username)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/account/password/", sent)
    assert theirs.get("/account/edit/").status_code == 200
    assert Session.objects.count() >= 2
