"""Nothing of one institute is seen or changed from another (trust, battery 1)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from core.kernel.models import OutboxMail
from tenants.models import Institute
from tests.isolation.canaries import digest, fill, person, tenant_models, text_fields
from tests.isolation.census import Route, routes
from tests.isolation.crawler import Crawl

MARK_A, MARK_B = "canaryalpha", "canarybravo"

Inside = Callable[[Institute], AbstractContextManager[Institute]]


@dataclass
class World:
    """Two full institutes, and people of A signed in on A's host."""

    a: Institute
    b: Institute
    keys_a: dict[str, list[str]]
    keys_b: dict[str, list[str]]
    clients: dict[str, Client]
    inside: Inside

    def crawl(self) -> Crawl:
        return Crawl(self.clients, self.keys_b, MARK_B)


@pytest.fixture
def world(ciltuk: Institute, guided: Institute, inside: Inside, member_client: Any) -> World:
    with inside(guided):
        keys_b = fill(MARK_B)
    with inside(ciltuk):
        keys_a = fill(MARK_A)
        member = person(MARK_A, is_mentor=True, is_mentee=True)
        staff = person(MARK_A, is_staff=True, is_superuser=True)
    clients = {
        "anonymous": member_client(ciltuk),
        "member": member_client(ciltuk, member),
        "staff": member_client(ciltuk, staff),
    }
    for client in clients.values():
        client.raise_request_exception = False
    return World(ciltuk, guided, keys_a, keys_b, clients, inside)


@pytest.fixture(params=["web", "staff"])
def part(request: pytest.FixtureRequest) -> Iterator[list[Route]]:
    """The member site and the staff site apart, so that both processors have work."""
    yield [route for route in routes() if route.is_staff == (request.param == "staff")]


def test_stranger_with_foreign_keys_sees_and_changes_nothing(
    world: World, part: list[Route]
) -> None:
    with world.inside(world.b):
        before = digest()
    crawl = world.crawl()
    found = crawl.run(part)
    assert not found, f"{len(found)} findings in {crawl.requests} requests, first: {found[:5]}"
    assert crawl.requests >= len(part) * len(world.clients)
    with world.inside(world.b):
        assert digest() == before
    with world.inside(world.a):
        for mail in OutboxMail.objects.all():
            assert MARK_B not in mail.text + mail.html + mail.subject + mail.to_address


def test_session_of_one_institute_is_worth_nothing_at_another(
    world: World, member_client: Any
) -> None:
    stranger, guest = member_client(world.b), member_client(world.b)
    stranger.cookies = world.clients["staff"].cookies.copy()
    for route in (each for each in routes() if not each.parameters):
        mine, theirs = stranger.get(route.path({})), guest.get(route.path({}))
        assert mine.status_code == theirs.status_code, route
        assert mine.headers.get("Location") == theirs.headers.get("Location"), route


def test_every_table_with_words_took_part(world: World) -> None:
    with world.inside(world.b):
        empty = [model for model in tenant_models() if not model._default_manager.exists()]
        assert empty == []
        marked = {
            model._meta.label
            for model in tenant_models()
            for field in text_fields(model)
            if MARK_B in str(list(model._default_manager.values_list(field.attname, flat=True)))
        }
    assert {"accounts.Person", "programme.Programme", "mentorships.Mentorship"} <= marked


def test_crawler_finds_a_host_that_leads_to_the_wrong_institute(
    world: World, part: list[Route], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: what the crawler reports when there is something to report."""
    from tenants import middleware

    monkeypatch.setattr(middleware, "institute_of", lambda host: world.b)
    found = world.crawl().run(part[:12], methods=("get",))
    assert any(finding.what == "another institute's mark" for finding in found)
