"""A right that is taken away while somebody works: the next click refuses, on every staff page.

Pages are found, not listed: a new one is tried as soon as it has an address.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from core.accounts.models import Person
from core.kernel.rights import Right, StaffRole, right_of
from core.kernel.staff import staff_site
from core.routes.areas import AREAS
from tests.factories.people import browser, someone

pytestmark = pytest.mark.django_db

FILLED = {"uuid": str(uuid4()), "int": 1, "slug": "x", "str": "x", "path": str(uuid4())}
KINDS = {"UUIDConverter": "uuid", "IntConverter": "int", "SlugConverter": "slug",
         "StringConverter": "str", "PathConverter": "path"}  # fmt: skip


def pages() -> Iterator[tuple[str, str]]:
    """Name and address of every page of the staff site that belongs to an area."""
    import_module("config.urls.tenant")  # which puts every page on the staff site
    staff_site.areas = AREAS
    for name, converters in _named(staff_site.get_urls(), {}):
        if staff_site.area_of(name) is not None:
            kwargs = {key: FILLED[KINDS[type(one).__name__]] for key, one in converters.items()}
            yield name, reverse(f"staff:{name}", kwargs=kwargs)


def _named(patterns: list[Any], above: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in patterns:
        converters = {**above, **getattr(one.pattern, "converters", {})}
        if isinstance(one, URLResolver):
            yield from _named(one.url_patterns, converters)
        elif isinstance(one, URLPattern) and one.name:
            yield one.name, converters


def working(**fields: Any) -> tuple[Person, Client]:
    """A manager who is at work on the staff site."""
    person, client = someone(is_staff=True, **fields), browser()
    client.force_login(person)
    assert client.get("/staff/").status_code == 200
    return person, client


@pytest.fixture(autouse=True)
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of refusals need not be drawn."""
    monkeypatch.setattr("django.conf.urls.handler403", lambda *_, **__: HttpResponse(status=403))
    monkeypatch.setattr("django.conf.urls.handler404", lambda *_, **__: HttpResponse(status=404))


@pytest.fixture(scope="module")
def every_page() -> list[tuple[str, str]]:
    found = sorted(set(pages()))
    assert len(found) > 100
    return found


@pytest.mark.parametrize("role", [role for role in StaffRole if role is not StaffRole.MANAGER])
def test_role_lowered_refuses_the_next_click_on_every_page(
    role: StaffRole, every_page: list[tuple[str, str]]
) -> None:
    person, client = working()
    Person.objects.filter(pk=person.pk).update(staff_role=role.value)
    for name, page in every_page:
        area = staff_site.area_of(name)
        assert area is not None
        right = right_of(role, area)
        if right < Right.WRITE:
            assert client.post(page, {}).status_code == 403, (name, "POST")
        if right < Right.READ:
            assert client.get(page).status_code == 403, (name, "GET")


def test_taken_off_the_team_there_is_no_such_page(every_page: list[tuple[str, str]]) -> None:
    person, client = working(is_superuser=True)
    Person.objects.filter(pk=person.pk).update(is_staff=False, is_superuser=False)
    for name, page in every_page:
        assert client.get(page).status_code == 404, (name, "GET")
        assert client.post(page, {}).status_code == 404, (name, "POST")


def test_account_closed_leads_every_page_to_the_sign_in(every_page: list[tuple[str, str]]) -> None:
    person, client = working(is_superuser=True)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    for name, page in every_page:
        for answer in (client.get(page), client.post(page, {})):
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/account/login/"), name
