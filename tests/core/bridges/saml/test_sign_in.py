"""Members sign in with SimpleSAMLphp (product A6)."""

import pytest

from core.accounts.models import Person
from tests.core.bridges.saml.browsing import Browser

pytestmark = [pytest.mark.providers, pytest.mark.django_db]


def test_a_member_signs_in_for_the_first_time_and_has_an_account(browser: Browser) -> None:
    browser.sign_in()
    assert browser.is_signed_in
    person = Person.objects.get(email="mira.holt@society.example")
    assert (person.first_name, person.last_name) == ("Mira", "Holt")
