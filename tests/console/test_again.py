"""Operators show once more who they are before dangerous acts (product A5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core.kernel import clock
from core.security.permissions import DANGEROUS
from tests.console.conftest import PASSWORD

pytestmark = pytest.mark.django_db
CONF = "config.urls.operators"
PAGES = [name for name in DANGEROUS if name.startswith("console:")]


def path_of(name: str) -> str:
    for args in (["ciltuk"], [uuid4()], ["ciltuk", uuid4()]):
        try:
            return reverse(name, CONF, args=args)
        except Exception:
            continue
    raise AssertionError(name)


@pytest.mark.parametrize("name", PAGES)
def test_operator_who_signed_in_long_ago_is_asked(name: str, console: Client) -> None:
    again = reverse("console:again", CONF)
    path = path_of(name)
    send = console.post if DANGEROUS[name].sent else console.get
    assert again not in send(path).headers.get("Location", "")
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert send(path).headers["Location"].startswith(again + "?next=")


def test_password_leads_back_and_a_wrong_one_does_not(console: Client) -> None:
    path = path_of("console:enter")
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        question = console.get(path).headers["Location"]
        assert "Enter your password" in console.get(question).content.decode()
        assert console.post(question, {"password": "no", "next": path}).status_code == 422
        assert console.get(path).status_code == 302
        answer = console.post(question, {"password": PASSWORD, "next": path})
        assert answer.headers["Location"] == path
        assert console.get(path).status_code == 200
