"""The page "Membership": secrets once, managers alone, who showed a moment ago who they are."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import clock
from core.kernel.models import AuditEntry, Job
from core.membership import services
from core.membership.models import Feed, Key, Token
from core.membership.rules import Record
from tests.core.membership.conftest import rules
from tests.factories.people import browser, sign_in, someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> Client:
    person = someone(is_staff=True)
    client = browser()
    sign_in(client, person.username)
    return client


def send(client: Client, step: str, **more: str) -> str:
    answer = client.post(reverse("staff:membership"), {"step": step, **more}, follow=True)
    return str(answer.content.decode())


def test_manager_makes_a_key_and_sees_its_secret_once(manager: Client) -> None:
    page = send(manager, "make-key", label="Our website")
    secret = re.search(r"<dt>Secret</dt><dd><code>([^<]+)<", page)
    assert secret is not None
    key = Key.objects.get()
    again = manager.get(reverse("staff:membership")).content.decode()
    assert key.kid in again
    assert secret[1] not in again
    assert secret[1] not in str(AuditEntry.objects.values_list("facts", flat=True))
    send(manager, f"rotate:{key.pk}")
    key.refresh_from_db()
    assert key.ends_at is not None
    assert Key.objects.count() == 2
    send(manager, f"withdraw-key:{key.pk}")
    key.refresh_from_db()
    assert not key.is_good
    assert "withdrawn already" in send(manager, f"withdraw-key:{key.pk}")


def test_manager_makes_a_token_and_withdraws_it(manager: Client) -> None:
    page = send(manager, "make-token", label="Members")
    text = re.search(r"scim_[\w-]+", page)
    assert text is not None
    assert services.token_of(text[0]) == Token.objects.get()
    assert text[0] not in manager.get(reverse("staff:membership")).content.decode()
    send(manager, f"withdraw-token:{Token.objects.get().pk}")
    assert services.token_of(text[0]) is None


def test_manager_says_where_to_ask_and_asks(manager: Client) -> None:
    refused = send(manager, "put-feed", **{"feed-url": "http://x.example/", "feed-token": "t"})
    assert "must begin with https://" in refused
    assert "Say first where" in send(manager, "fetch")
    send(manager, "put-feed", **{"feed-url": "https://members.example/list", "feed-token": "t"})
    page = manager.get(reverse("staff:membership")).content.decode()
    assert "https://members.example/list" in page
    send(manager, "fetch")
    assert Job.objects.get().kind == "membership.fetch"
    send(manager, "remove-feed")
    assert not Feed.objects.exists()


def test_manager_sees_whose_membership_has_lapsed(manager: Client) -> None:
    rules(membership_grace_days=0)
    person = someone("mentee", last_name="Lapsing")
    record = Record(subject="m-1", email=person.email, email_verified=True, number="0042")
    services.take(record, source="pull", let_in=False)
    assert "Lapsing" not in manager.get(reverse("staff:membership")).content.decode()
    services.take(Record(subject="m-1", status="ended"), source="pull", let_in=False)
    page = manager.get(reverse("staff:membership")).content.decode()
    assert "Lapsing" in page
    assert "0042" in page


def test_others_do_not_even_look(visit: Callable[..., Client]) -> None:
    address = reverse("staff:membership")
    for role in ("coordinator", "editor", "reader", "safeguarding"):
        client = visit(someone(is_staff=True, staff_role=role))
        assert client.get(address).status_code == 403
        assert client.post(address, {"step": "make-key", "label": "x"}).status_code in (302, 403)
    member: Person = someone("mentee")
    assert visit(member).get(address).status_code == 404
    assert not Key.objects.exists()


def test_manager_who_signed_in_long_ago_is_asked_first(manager: Client) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=30)):
        answer = manager.post(reverse("staff:membership"), {"step": "make-key", "label": "x"})
    assert answer.status_code == 302
    assert "again" in answer["Location"]
    assert not Key.objects.exists()
