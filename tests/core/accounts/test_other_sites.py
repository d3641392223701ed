"""Nothing that one site gives out is good on another."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from core.accounts.adapters import PasswordTokens
from core.accounts.models import Person
from tenants.models import Institute
from tests.core.accounts.forms import register
from tests.factories.people import PASSWORD, browser, mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db

Inside = Callable[[Institute], AbstractContextManager[Institute]]
NEW = "seven brave otters"


@pytest.fixture
def there(guided: Institute, member_client: Callable[..., Client]) -> Client:
    """A stranger's browser on the other site."""
    return member_client(guided)


def twin_of(person: Person, guided: Institute, inside: Inside) -> Person:
    """Somebody on the other site with the very same key, address and password."""
    with inside(guided):
        twin = Person(pk=person.pk, username=person.username, email=person.email)
        twin.password = person.password
        twin.is_mentee = True
        twin.save(force_insert=True)
        EmailAddress.objects.create(user=twin, email=twin.email, verified=True, primary=True)
    return twin


def test_session_of_one_site_is_no_session_on_the_other(
    guided: Institute, inside: Inside, there: Client
) -> None:
    person = someone("mentee")
    twin_of(person, guided, inside)
    here = browser()
    sign_in(here, person.username)
    there.cookies["session"] = here.cookies["session"].value
    assert there.get("/account/edit/").headers["Location"].startswith("/account/login/")
    assert here.get("/account/edit/").status_code == 200


def test_account_of_one_site_cannot_sign_in_on_the_other(there: Client) -> None:
    person = someone("mentee")
    response = there.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert "cannot sign you in" in response.content.decode()


def test_password_link_of_one_site_is_refused_by_the_other_even_for_a_twin(
    guided: Institute, inside: Inside, there: Client
) -> None:
    person = someone("mentee")
    twin_of(person, guided, inside)
    browser().post("/account/password/reset/", {"email": person.email})
    path = path_in(mails_to(person.email)[-1])
    assert "This link cannot be used" in there.get(path, follow=True).content.decode()
    with inside(guided):
        twin = Person.objects.get(pk=person.pk)
        assert twin.check_password(PASSWORD)
    assert "Choose a new password" in browser().get(path, follow=True).content.decode()


def test_half_used_password_link_cannot_be_finished_on_the_other_site(
    guided: Institute, inside: Inside, there: Client
) -> None:
    person = someone("mentee")
    twin_of(person, guided, inside)
    browser().post("/account/password/reset/", {"email": person.email})
    here = browser()
    form = here.get(path_in(mails_to(person.email)[-1]), follow=True)
    there.cookies["session"] = here.cookies["session"].value
    there.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    with inside(guided):
        assert Person.objects.get(pk=person.pk).check_password(PASSWORD)


def test_password_tokens_differ_for_equal_people_on_two_sites(
    guided: Institute, inside: Inside
) -> None:
    person = someone("mentee")
    token = PasswordTokens().make_token(person)
    assert PasswordTokens().check_token(person, token)
    with inside(guided):
        assert not PasswordTokens().check_token(person, token)


def test_confirmation_link_of_one_site_confirms_nothing_on_the_other(
    guided: Institute, inside: Inside, there: Client
) -> None:
    register(username="wren", email="wren@people.example")
    here = Person.objects.get(username="wren")
    path = path_in(mails_to("wren@people.example")[0])
    with inside(guided):
        twin = Person(pk=here.pk, username="wren", email="wren@people.example")
        twin.password = here.password
        twin.is_mentee = True
        twin.save(force_insert=True)
        EmailAddress.objects.create(user=twin, email=twin.email, primary=True)
    assert "This link cannot be used" in there.get(path).content.decode()
    assert there.post(path).status_code == 404
    with inside(guided):
        assert not EmailAddress.objects.get(user=twin).verified


def test_limits_of_one_site_do_not_shut_the_other(
    guided: Institute, inside: Inside, there: Client
) -> None:
    person = someone("mentee")
    twin_of(person, guided, inside)
    here = browser()
    for _ in range(6):
        page = sign_in(here, person.email, "wrong").content.decode()
    assert "Too many tries" in page
    sent: dict[str, Any] = {"login": person.email, "password": PASSWORD}
    assert there.post("/account/login/", sent).status_code == 302
