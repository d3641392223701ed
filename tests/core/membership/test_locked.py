"""What the society keeps has no form here, and its addresses take nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from core.accounts import services as accounts
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.models import OutboxMail
from tests.core.membership.conftest import rules
from tests.factories.people import PASSWORD, browser, someone

pytestmark = pytest.mark.django_db
LINK = "https://members.lantern.example/me"


@pytest.fixture(autouse=True)
def society() -> None:
    rules(
        sign_in="membership",
        self_registration=False,
        membership_link=LINK,
        membership_keeps=("password", "email", "name"),
    )


def test_member_finds_the_societys_address_in_the_place_of_forms(
    visit: Callable[..., Client],
) -> None:
    person = someone("mentee", first_name="Ada")
    client = visit(person)
    page = client.get("/account/edit/").content.decode()
    assert LINK in page
    assert 'name="first_name"' not in page
    assert reverse("account_email") not in page
    assert reverse("account_change_password") not in page
    for name in ("account_email", "account_change_password", "account_reset_password"):
        answer = client.get(reverse(name))
        assert answer.status_code == 200
        assert LINK in answer.content.decode()
        assert "<form" not in answer.content.decode().split("<main")[1].split("</main")[0]


def test_member_who_sends_the_forms_all_the_same_is_refused(
    visit: Callable[..., Client],
) -> None:
    person = someone("mentee", first_name="Ada")
    client = visit(person)
    sent = {
        "account_email": {"email": "other@people.example", "action_add": ""},
        "account_change_password": {
            "oldpassword": PASSWORD, "password1": "other lights", "password2": "other lights",
        },
        "account_reset_password": {"email": person.email},
    }  # fmt: skip
    for name, form in sent.items():
        assert client.post(reverse(name), form).status_code == 403
    key = reverse("account_reset_password_from_key", kwargs={"uidb36": "a", "key": "b-c"})
    assert browser().post(key, {"password1": "x"}).status_code == 403
    saved = client.post("/account/edit/", {"first_name": "Eve", "last_name": "Else",
                                           "time_zone": "UTC", "is_mentee": "on"})  # fmt: skip
    assert saved.status_code == 302
    person.refresh_from_db()
    assert (person.first_name, person.time_zone) == ("Ada", "UTC")
    assert person.check_password(PASSWORD)
    assert not EmailAddress.objects.filter(email="other@people.example").exists()
    assert not OutboxMail.objects.exclude(kind="new_sign_in").exists()
    with pytest.raises(RuleBroken):
        accounts.edit_account(person, roles=["mentee"], by=person, first_name="Eve")


@pytest.mark.parametrize(
    ("usual", "name"),
    [
        ("/account/email/", "account_email"),
        ("/account/password/change/", "account_change_password"),
        ("/account/password/set/", "account_change_password"),
        ("/.well-known/change-password", "account_change_password"),
    ],
)
def test_addresses_known_from_other_sites_lead_to_the_page_that_says_where(
    visit: Callable[..., Client], usual: str, name: str
) -> None:
    client = visit(someone("mentee"))
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        page = client.get(usual, follow=True)
    assert page.redirect_chain == [(reverse(name), 302)]  # and no question who it is
    assert LINK in page.content.decode()
    assert client.post(usual, {"email": "other@people.example"}, follow=True).status_code != 500
    assert not EmailAddress.objects.filter(email="other@people.example").exists()


def test_one_of_the_team_keeps_what_they_have_here(visit: Callable[..., Client]) -> None:
    head = someone(is_staff=True, is_superuser=True)
    client = visit(head)
    assert 'name="oldpassword"' in client.get(reverse("account_change_password")).content.decode()


def test_staff_do_not_change_what_the_society_keeps(visit: Callable[..., Client]) -> None:
    head = someone(is_staff=True, is_superuser=True)
    member = someone("mentee", first_name="Ada")
    address = reverse("staff:accounts_person_change", args=[member.pk])
    client = visit(head)
    page = client.get(address).content.decode()
    assert 'name="email"' not in page
    assert 'name="first_name"' not in page
    client.post(address, {"first_name": "Eve", "email": "eve@people.example", "time_zone": "UTC",
                          "is_mentee": "on", "staff_role": "manager"})  # fmt: skip
    member.refresh_from_db()
    assert member.first_name == "Ada"
    assert member.email != "eve@people.example"
