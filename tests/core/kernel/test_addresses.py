"""Addresses that nobody can mean."""

import pytest

from tests.factories.people import browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/help/?q=a%00b", "/help/%00/", "/about/a%00b/"])
def test_address_with_a_nul_is_refused_in_words(path: str) -> None:
    answer = browser().get(path)
    assert answer.status_code == 400
    assert "cannot read" in answer.content.decode()


def test_percent_sign_before_two_noughts_is_no_nul() -> None:
    assert browser().get("/help/?q=100%2500").status_code == 200
