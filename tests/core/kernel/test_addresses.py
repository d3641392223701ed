"""Addresses with what nobody can mean."""

import pytest

from tests.factories.people import browser

pytestmark = pytest.mark.django_db


def test_question_with_a_nul_is_answered_as_if_it_were_not_there() -> None:
    page = browser().get("/help/?q=zeppe%00lin").content.decode()
    assert "zeppelin" in page
    assert browser().get("/help/?q=100%2500").status_code == 200


@pytest.mark.parametrize("path", ["/help/%00/", "/about/a%00b/", "/%00"])
def test_path_with_a_nul_leads_nowhere(path: str) -> None:
    assert browser().get(path).status_code == 404
