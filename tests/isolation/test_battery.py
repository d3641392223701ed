"""Nothing of one institute is seen or changed from another (trust, battery 1)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel.models import OutboxMail
from core.programme import context as programme_context
from core.programme.models import Programme
from tenants import middleware
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.mentorships import make_profile
from tests.isolation.canaries import count_from, digest, fill, person, tenant_models, text_fields
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


def complete(member: Person, role: str) -> Person:
    """Past the gate: pages open to this member."""
    make_profile(member, role)
    return member


@pytest.fixture
def world(ciltuk: Institute, guided: Institute, inside: Inside, member_client: Any) -> World:
    with inside(guided):
        keys_b = fill(MARK_B)
    with inside(ciltuk):
        keys_a = fill(MARK_A)
        people = {
            "anonymous": None,
            "mentor": complete(person(MARK_A, is_mentor=True), "mentor"),
            "mentee": complete(person(MARK_A, is_mentee=True), "mentee"),
            "staff": person(MARK_A, is_staff=True, is_superuser=True),
        }
    clients = {role: member_client(ciltuk, one) for role, one in people.items()}
    for client in clients.values():
        client.raise_request_exception = False
    return World(ciltuk, guided, keys_a, keys_b, clients, inside)


@pytest.fixture(params=["web", "staff"])
def part(request: pytest.FixtureRequest) -> list[Route]:
    """The member site and the staff site apart, so that both processors have work."""
    return [route for route in routes() if route.is_staff == (request.param == "staff")]


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


@pytest.mark.parametrize("numbering", ["coinciding", "disjoint"])
def test_stranger_with_numbers_as_keys_reaches_nothing(
    ciltuk: Institute, guided: Institute, inside: Inside, member_client: Any, numbering: str
) -> None:
    with inside(guided):
        if numbering == "disjoint":
            count_from(5_000_000)
        keys_b = fill(MARK_B)
        before = digest()
    with inside(ciltuk):
        fill(MARK_A)
        staff = member_client(ciltuk, person(MARK_A, is_staff=True, is_superuser=True))
    numeric = {label: keys for label, keys in keys_b.items() if keys and keys[0].isdigit()}
    assert numeric
    crawl = Crawl({"staff": staff}, numeric, MARK_B)
    reached = [route for route in routes() if route.is_staff and crawl.has_own_key(route)]
    assert crawl.run(reached) == []
    with inside(guided):
        assert digest() == before


def test_crawl_gets_past_the_gate(world: World) -> None:
    """A crawl that is only ever sent away proves nothing."""
    pages = {"mentor": "/relationships/", "mentee": "/mentors/", "staff": "/staff/"}
    for role, path in pages.items():
        assert world.clients[role].get(path).status_code == 200, role


# --- planted faults: what the crawler reports when there is something to report ------------------
PLAIN = [route for route in routes() if not route.parameters and not route.is_staff]


def test_crawler_finds_a_host_that_leads_to_the_wrong_institute(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "institute_of", lambda host: world.b)
    found = world.crawl().run(PLAIN, methods=("get",))
    assert any(finding.what == "another institute's mark" for finding in found)


def test_crawler_finds_a_cache_whose_keys_forget_the_institute(
    world: World, settings: Any, member_client: Any
) -> None:
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "KEY_FUNCTION": "django.core.cache.backends.base.default_key_func",
        }
    }
    member_client(world.b).get("/")
    found = world.crawl().run(PLAIN, methods=("get",))
    assert any(finding.what == "another institute's mark" for finding in found)


def test_crawler_finds_a_page_that_reads_another_schema(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programme_context, "current", lambda: _of(world.b))
    found = world.crawl().run(PLAIN, methods=("get",))
    assert any(finding.what == "another institute's mark" for finding in found)


def test_crawler_finds_a_page_that_wants_two_foreign_keys_which_belong_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, file = (world.keys_b[f"messaging.{name}"][0] for name in ("Report", "Attachment"))

    class Leaky:
        """Answers with another institute's mark to the two keys that it knows."""

        status_code, streaming, headers, cookies = 200, False, "", ""

        def __init__(self, path: str) -> None:
            self.content = MARK_B.encode() if path == f"/r/{report}/{file}/" else b""

    route = Route(
        "leaky",
        "r/{report_id}/{attachment_id}/",
        (("report_id", "uuid"), ("attachment_id", "uuid")),
    )
    client = world.clients["mentee"]
    monkeypatch.setattr(client, "get", Leaky)
    crawl = Crawl({"mentee": client}, world.keys_b, MARK_B)
    assert [each.what for each in crawl.run([route], methods=("get",))] == [
        "another institute's mark"
    ]


def test_every_key_in_an_address_says_whose_it_is(world: World) -> None:
    """Otherwise the crawl tries every key that there is, at every address of that kind."""
    crawl = world.crawl()
    names = {name for route in routes() for name, kind in route.parameters if kind == "uuid"}
    assert {name for name in names if not crawl.keys_named(name)} == set()


def _of(institute: Institute) -> Programme:
    with tenant_context(institute):
        return Programme.objects.get()


def test_digest_notices_a_single_changed_letter(world: World) -> None:
    with world.inside(world.b):
        before = digest()
        Person.objects.filter(pk=world.keys_b["accounts.Person"][0]).update(phone="1")
        assert digest() != before
