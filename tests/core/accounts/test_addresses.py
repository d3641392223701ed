"""Changing the e-mail address (product A5)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from core.accounts import services
from core.accounts.models import Person
from core.kernel import clock
from core.kernel.models import AuditEntry
from tests.factories.people import PASSWORD, browser, mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db

WANTED = "wanted@people.example"


@pytest.fixture
def person(db: None) -> Person:
    return someone("mentee")


@pytest.fixture
def client(person: Person) -> Client:
    """The person's browser, with the password given once more."""
    client = browser()
    sign_in(client, person.username)
    client.post("/account/password/again/", {"password": PASSWORD})
    return client


def want(client: Client, email: str = WANTED) -> Any:
    return client.post("/account/address/", {"email": email, "action_add": ""})


def test_new_address_counts_when_its_link_was_opened_and_the_old_one_is_told(
    person: Person, client: Client
) -> None:
    old = person.email
    want(client)
    person.refresh_from_db()
    assert person.email == old
    assert WANTED in client.get("/account/address/").content.decode()
    (mail,) = mails_to(WANTED)
    assert mail.kind == "confirm_new_address"
    client.post(path_in(mail))
    person.refresh_from_db()
    assert person.email == WANTED
    told = mails_to(old)[-1]
    assert told.kind == "address_changed"
    assert WANTED in told.text
    assert AuditEntry.objects.filter(verb="address changed", thing_id=person.pk).exists()
    assert sign_in(browser(), WANTED).status_code == 302
    assert "cannot sign you in" in sign_in(browser(), old).content.decode()


def test_who_signed_in_long_ago_gives_the_password_and_sends_the_new_address_again(
    person: Person,
) -> None:
    client = browser()
    sign_in(client, person.username)
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        question = want(client).headers["Location"]
        page = client.get(question).headers["Location"]
        assert page.startswith("/account/password/again/")
        assert not mails_to(WANTED)
        answer = client.post(page, {"password": "wrong"}).content.decode()
        assert "This is not your password." in answer
        back = client.post(page, {"password": PASSWORD}).headers["Location"]
        assert back == "/account/again/sent/"
        assert WANTED in client.get(back).content.decode()
        assert not mails_to(WANTED)
        want(client)
    assert mails_to(WANTED)


def test_members_address_as_the_new_one_gets_the_same_answer_and_nothing_changes(
    person: Person, client: Client
) -> None:
    other = someone("mentor")
    free, taken = want(client), want(client, other.email)
    assert (free.status_code, _told(free)) == (taken.status_code, _told(taken))
    mail = mails_to(other.email)[-1]
    theirs = browser()
    sign_in(theirs, other.username)
    theirs.post(path_in(mail))
    person.refresh_from_db()
    assert person.email != other.email
    assert EmailAddress.objects.filter(email=other.email, verified=True).get().user == other


def test_address_of_an_unconfirmed_registration_can_be_taken_by_its_owner(
    newcomer: Person, person: Person, client: Client, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_email": "100/m/key"}
    want(client, newcomer.email)
    client.post(path_in(mails_to(newcomer.email)[-1]))
    person.refresh_from_db()
    assert person.email == newcomer.email
    assert not Person.objects.filter(pk=newcomer.pk).exists()


def test_person_keeps_the_present_address_after_all(person: Person, client: Client) -> None:
    want(client)
    path = path_in(mails_to(WANTED)[0])
    client.post("/account/address/", {"email": WANTED, "action_remove": ""})
    assert not EmailAddress.objects.filter(email=WANTED).exists()
    assert "cannot be used" in client.get(path).content.decode()
    assert EmailAddress.objects.get(user=person).verified


def test_present_address_cannot_be_removed_by_hand(person: Person, client: Client) -> None:
    client.post("/account/address/", {"email": person.email, "action_remove": ""})
    person.refresh_from_db()
    assert person.email
    assert EmailAddress.objects.get(user=person).email == person.email


@pytest.mark.parametrize("email", ["", "x", "a" * 300 + "@people.example", "a\x00@people.example"])
def test_bad_address_is_told_beside_the_field(client: Client, email: str) -> None:
    response = want(client, email)
    assert "email" in response.context["form"].errors


def test_nobody_else_can_use_a_persons_confirmation_page_to_change_theirs(
    person: Person, client: Client
) -> None:
    want(client)
    other = someone("mentee")
    theirs = browser()
    sign_in(theirs, other.username)
    theirs.post(path_in(mails_to(WANTED)[0]))
    person.refresh_from_db()
    other.refresh_from_db()
    assert person.email == WANTED
    assert other.email != WANTED


def test_staff_who_correct_an_address_leave_a_trace_and_a_mail(person: Person) -> None:
    staff = someone(is_staff=True)
    old = person.email
    services.set_address(person, "Right@People.Example", by=staff)
    assert sign_in(browser(), "right@people.example").status_code == 302
    assert mails_to(old)[-1].kind == "address_changed"
    assert AuditEntry.objects.get(verb="address changed").actor_id == staff.pk


def _told(answer: Any) -> dict[str, str]:
    """The headers of an answer, but for the second in which it was given."""
    return {name: value for name, value in answer.headers.items() if name != "Expires"}
