"""Until the profile is complete nothing else opens (product B2)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from core.accounts.models import Person
from core.resources.models import Guide
from tests.factories.mentorships import make_mentorship
from tests.factories.profiles import a_full_profile, as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_kind")]

Member = Callable[..., tuple[Person, Client]]

OPEN = [
    "/profile/",
    "/profile/preview/",
    "/account/edit/",
    "/account/password/",
    "/account/address/",
    "/account/logout/",
    "/help/",
    "/resources/",
]
CLOSED = ["/mentors/", "/relationships/"]


@pytest.mark.parametrize("path", OPEN)
def test_newcomer_reaches_profile_account_help_and_resources(member: Member, path: str) -> None:
    _person, client = member("mentee")
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", CLOSED)
def test_newcomer_is_led_to_the_profile_from_everywhere_else(member: Member, path: str) -> None:
    _person, client = member("mentee")
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0] == "/profile/"
    assert "Complete your profile first." in response.content.decode()
    assert client.post(path).headers["Location"] == "/profile/"


def test_everything_opens_when_the_profile_is_complete(member: Member) -> None:
    person, client = member("mentee")
    client.post("/profile/", as_sent())
    for path in CLOSED:
        assert client.get(path).status_code == 200
    assert client.get("/").headers["Location"] != "/profile/"
    assert person.roles == ["mentee"]


def test_front_page_leads_to_the_next_step_of_the_role(member: Member) -> None:
    person, client = member("mentor", "mentee")
    for role in person.roles:
        a_full_profile(person, role)
    for role, path in (("mentee", "/mentors/"), ("mentor", "/relationships/")):
        client.post("/account/role/", {"role": role})
        assert client.get("/").headers["Location"] == path
    make_mentorship(mentee=person)
    client.post("/account/role/", {"role": "mentee"})
    assert client.get("/").headers["Location"] == "/relationships/"


def test_gate_asks_for_the_profile_of_the_role_in_force(member: Member) -> None:
    person, client = member("mentor", "mentee")
    a_full_profile(person, "mentee")
    client.post("/account/role/", {"role": "mentee"})
    assert client.get("/relationships/").status_code == 200
    client.post("/account/role/", {"role": "mentor"})
    assert client.get("/relationships/").headers["Location"] == "/profile/"


def test_institute_without_a_gate_leaves_the_doors_open(
    member: Member, policy: Callable[..., None]
) -> None:
    policy(profile_gate=False)
    _person, client = member("mentee")
    assert client.get("/relationships/").status_code == 200
    assert client.get("/").headers["Location"] == "/profile/", "the next step is still the profile"


def test_guides_come_before_the_profile_where_the_institute_wants_them(
    member: Member, policy: Callable[..., None]
) -> None:
    policy(guides_first=True)
    Guide.objects.update(active=False)
    guide = Guide.objects.create(
        slug="first-of-all", title="First of all", body="Read.", audience="everyone", required=True
    )
    _person, client = member("mentee")
    response = client.get("/profile/", follow=True)
    assert response.redirect_chain[-1][0] == "/resources/"
    assert "Please read these first." in response.content.decode()
    guide.active = False
    guide.save()
    assert client.get("/profile/").status_code == 200


def test_staff_without_a_role_and_strangers_are_not_gated(member: Member) -> None:
    _team, client = member(is_staff=True)
    assert client.get("/staff/").status_code == 200
    person, theirs = member("mentee", is_staff=True)
    assert theirs.get("/staff/").status_code == 200
    assert person.roles == ["mentee"]


def test_gate_costs_nothing_once_the_profile_is_complete(
    member: Member, django_assert_num_queries: Any
) -> None:
    person, client = member("mentee")
    a_full_profile(person, "mentee")
    client.get("/profile/preview/")
    client.get("/profile/")
    with django_assert_num_queries(5):
        client.get("/profile/")


def _pages(patterns: list[URLPattern | URLResolver], space: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found |= _pages(entry.url_patterns, inner)
        else:
            found[f"{space}{entry.name}"] = entry.callback
    return found


def test_gate_knows_every_page_of_the_site() -> None:
    """A page of a new app is closed until somebody opens it here on purpose."""
    from core.profiles.middleware import _is_gated

    pages = _pages(get_resolver("config.urls.tenant").url_patterns)
    gated = {
        name.split(":")[0]
        for name, view in pages.items()
        if _is_gated(view, name.split(":")[0] if ":" in name else "", name)
    }
    assert {"matching", "mentorships"} <= gated
    assert not gated & {"accounts", "profiles", "help", "resources", "staff", "front"}
