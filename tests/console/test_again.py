"""Operators show once more who they are before dangerous acts (product A5)."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from console.services import enter
from core.accounts.models import Person
from core.kernel import clock
from core.kernel.models import AuditEntry
from core.security.models import StandIn
from core.security.permissions import DANGEROUS
from tenants.context import tenant_context
from tenants.models import Institute
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


def test_operator_shows_who_they_are_and_goes_on_with_the_visit(
    console: Client, operator: Person, ciltuk: Institute, member_client: Callable[..., Client]
) -> None:
    link, _visit = enter(ciltuk, reason="Ticket 12", minutes=30, may_change=True, by=operator)
    there = member_client(ciltuk)
    assert there.post(urlsplit(link).path).status_code == 302
    keys = reverse("staff:people_export")
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        asked = there.post(keys, {})
        page = there.get(asked["Location"])
        assert page.status_code == 403
        home = re.search(r'href="(\S+/visits/\S+/again/)"', page.content.decode())
        assert home is not None
        path = urlsplit(home[1]).path
        assert console.get(path)["Location"].startswith(reverse("console:again", CONF))
        console.post(reverse("console:again", CONF), {"password": PASSWORD, "next": path})
        back = re.search(r'href="(\S+/shown/)"', console.get(path).content.decode())
        assert back is not None
        come_back = urlsplit(back[1]).path
        stranger, other = member_client(ciltuk), member_client(ciltuk)
        assert stranger.post(come_back).status_code == 404
        second, _visit = enter(ciltuk, reason="Again", minutes=30, may_change=True, by=operator)
        other.post(urlsplit(second).path)
        assert other.post(come_back).status_code == 422  # another visit's
        assert there.get(come_back).status_code == 200  # looking is not using
        assert "again" in there.post(keys, {})["Location"]
        there.get(asked["Location"])
        gone_on = there.post(come_back)
        assert gone_on.status_code == 302, gone_on.content.decode()
        assert there.post(come_back).status_code == 422
        assert "again" not in there.post(keys, {}).headers.get("Location", "")
    with clock.frozen(clock.now() + timedelta(minutes=13)):
        assert "again" in there.post(keys, {})["Location"]
    with tenant_context(ciltuk):
        entry = AuditEntry.objects.get(verb="support visit shown")
        assert (entry.behind_id, entry.by_operator) == (operator.pk, True)
        stand_in = StandIn.objects.get(reason="Ticket 12")
        StandIn.objects.update(operator_key=uuid4())
    with clock.frozen(clock.now() + timedelta(minutes=7)):
        elsewhere = reverse("console:visit_again", CONF, args=[ciltuk.schema_name, stand_in.pk])
        assert console.get(elsewhere).status_code == 404  # somebody else's visit
