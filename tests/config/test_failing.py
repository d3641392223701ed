"""What a person sees while something is away: a calm page, never a bare line or a stack trace."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from core.help.pages import reading
from tenants.backend.base import DatabaseWrapper
from tenants.hosts import forget_hosts
from tenants.models import Institute

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(member_client: Any, ciltuk: Institute) -> Client:
    """A stranger's browser; a failure is an answer and no exception of the test."""
    made: Client = member_client(ciltuk)
    made.raise_request_exception = False
    return made


def _gone(*args: Any, **kwargs: Any) -> Any:
    raise OperationalError("could not connect: secret-host:5432")


@pytest.mark.parametrize("known", [True, False])
def test_visitor_comes_while_the_database_is_away_and_is_asked_to_try_again(
    browser: Client, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    forget_hosts()
    if known:  # the host was looked up before
        browser.get("/")
    with monkeypatch.context() as patch:
        patch.setattr(DatabaseWrapper, "_cursor", _gone)
        answer = browser.get("/help/")
    text = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Please try again in a minute." in text
    assert "secret-host" not in text
    assert "<html" in text
    assert browser.get("/help/").status_code == 200


@pytest.mark.parametrize("look_too", [False, True])
def test_page_fails_and_the_visitor_is_told_calmly_even_when_the_look_fails_too(
    browser: Client, monkeypatch: pytest.MonkeyPatch, look_too: bool
) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        if look_too:
            patch.setattr(DatabaseWrapper, "_cursor", _gone)
        raise ZeroDivisionError("secret")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "render", fails)
        answer = browser.get("/help/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in text
    assert "secret" not in text
