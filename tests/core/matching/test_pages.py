"""The page Find Mentor: what it shows, what its address carries, what it costs."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.models import Person
from core.matching.models import Criterion
from tenants.models import Institute
from tests.core.matching.conftest import SetPolicy
from tests.factories.matching import make_field, make_found, make_seeker
from tests.factories.mentorships import make_person

Visit = Callable[[Person], Client]

PROFILE = {"areas": ["leadership", "cpd"], "region": "wales", "function": "rail"}
#: Of a full page on a warm session: who it is, their standing, what is asked, the profile, counts,
#: ranking, people.
LEDGER = 11


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Visit:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


@pytest.fixture
def seeker(criteria: list[Criterion]) -> Person:
    """A mentee who looks for leadership or CPD in Wales on the railway."""
    return make_seeker(PROFILE)


@pytest.fixture
def mentors(seeker: Person) -> list[Person]:
    """Three mentors who meet three, two and one of that."""
    return [
        make_found("Una All", answers={**PROFILE, "areas": ["cpd"]}, job_title="Manager"),
        make_found("Bryn Two", answers={"areas": ["cpd"], "region": "wales"}),
        make_found("Cerys One", answers={"areas": ["study"], "function": "rail"}),
    ]


def get(client: Client, query: str = "", **more: Any) -> str:
    response = client.get(f"{reverse('matching:search')}{query}", **more)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'<h2><a href="/mentors/[0-9a-f-]{36}/">([^<]+)</a>', html)


def words_in(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def chosen(html: str) -> set[str]:
    boxes = re.findall(r'name="(\w+)" value="([^"]*)" id="[^"]*" checked', html)
    selects = re.findall(r'<select name="(\w+)".*?<option value="(\w+)" selected', html, re.S)
    return {f"{name}={value}" for name, value in [*boxes, *selects]}


def test_mentee_opens_the_search_and_sees_the_closest_first(
    visit: Visit, seeker: Person, mentors: list[Person]
) -> None:
    html = get(visit(seeker))
    assert names(html) == ["Una All", "Bryn Two", "Cerys One"]
    assert chosen(html) == {"areas=leadership", "areas=cpd", "region=wales", "function=rail"}
    text = words_in(html)
    assert "3 mentors, closest first" in text
    assert "Meets all 3" in text
    assert "Meets 2 of 3" in text
    assert "Not met: Areas: Leadership or Cpd" in text
    assert "Manager" in text
    assert "How is this ordered?" in text
    assert "starts from your profile" in text


def test_every_criterion_can_be_left_at_any(
    visit: Visit, seeker: Person, mentors: list[Person]
) -> None:
    html = get(visit(seeker), "?areas=*&areas=cpd&region=&function=")
    for label in ("Any areas", "Any region", "Any function"):
        assert label in html
    assert chosen(html) == {"areas="}
    assert len(names(html)) == 3
    assert "Meets" not in html.split('<ol class="results"')[1].split("</ol>")[0]


def test_mentee_makes_region_a_must_and_reads_what_it_costs(
    visit: Visit, seeker: Person, mentors: list[Person]
) -> None:
    html = get(visit(seeker), "?areas=cpd&region=wales&function=rail&must=region")
    assert names(html) == ["Una All", "Bryn Two"]
    assert "without this: 1 more" in html
    assert "must=region" in chosen(html)
    assert "Exact matching" in html
    assert html.count("without this") == 1


def test_mentee_whose_musts_nobody_meets_is_told_which_one_to_take_off(
    visit: Visit, seeker: Person, mentors: list[Person]
) -> None:
    html = get(visit(seeker), "?areas=study&region=wales&function=rail&must=region&must=areas")
    assert not names(html)
    assert "Take exact matching off" in html
    link = unescape(re.findall(r'class="button" href="(/mentors/[^"]+)"', html)[0])
    assert len(names(get(visit(seeker), link.removeprefix("/mentors/")))) == 2


def test_mentee_of_an_empty_institute_is_asked_to_come_back(
    visit: Visit, criteria: list[Criterion]
) -> None:
    assert "can be found yet" in get(visit(make_seeker({})))


def test_mentee_leafs_through_pages_by_links_that_keep_the_search(
    visit: Visit, seeker: Person
) -> None:
    for number in range(45):
        make_found(f"Nia {number:02}", answers={"region": "wales" if number % 2 else "london"})
    client, query, seen = visit(seeker), "?region=wales&must=region&page=1", []
    while query:
        html = get(client, query)
        seen += names(html)
        following = re.findall(r'rel="next" href="/mentors/([^"]+)"', html)
        query = unescape(following[0]) if following else ""
    assert len(seen) == len(set(seen)) == 22
    assert "region=wales" in unescape(html)
    assert "Page 2 of 2" in words_in(html)


@pytest.mark.parametrize(
    "query",
    [
        "?nonsense=1",
        "?region=atlantis",
        "?region=wales&region=london",
        "?page=0",
        "?page=-3&region=wales",
        "?page=99999999999999999999",
        "?page=50",
        "?page=%00",
        "?areas=%00&areas=%F0%28%8C%28",
        "?areas='%20OR%201=1--",
        "?areas=cpd'%20|%20'x",
        "?areas=" + "x" * 6000,
        "?must=areas&must=region&must=nonsense&areas=",
        "?must=%F0",
        "?" + "&".join(f"areas={n}" for n in range(400)),
        "?areas[]=1&areas[$ne]=",
        "?csrfmiddlewaretoken=x",
    ],
)
def test_mentee_with_any_odd_address_gets_results_and_a_calm_note(
    visit: Visit, seeker: Person, mentors: list[Person], query: str
) -> None:
    html = get(visit(seeker), query)
    assert names(html)
    assert 'class="notice"' in html


def test_thousands_of_values_are_refused_and_never_an_error_of_ours(
    visit: Visit, seeker: Person
) -> None:
    query = "&".join(f"areas={number}" for number in range(3000))
    assert visit(seeker).get(f"{reverse('matching:search')}?{query}").status_code == 400


def test_htmx_gets_what_changes_and_the_address_of_it(
    visit: Visit, seeker: Person, mentors: list[Person]
) -> None:
    client = visit(seeker)
    address = reverse("matching:search")
    part = client.get(f"{address}?areas=&areas=cpd&page=1", headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b'id="search"' in part.content
    assert part["HX-Push-Url"] == f"{address}?areas=cpd&region=&function="
    assert "HX-Request" in part["Vary"]
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in client.get(address, headers=back).content


def test_full_mentors_are_marked_where_they_are_shown(
    visit: Visit, seeker: Person, mentors: list[Person], set_policy: SetPolicy
) -> None:
    mentors[0].listing.refresh_from_db()
    mentors[0].listing.room = 0
    mentors[0].listing.save()
    assert "Full at present" not in get(visit(seeker))
    set_policy(full_mentors="shown")
    html = get(visit(seeker))
    assert "Full at present" in html
    assert names(html)[0] == "Una All"


def test_result_quotes_the_first_text_that_everyone_may_see(
    visit: Visit, seeker: Person, criteria: list[Criterion]
) -> None:
    make_field("private", kind="long_text", visible_to="partner", order=0)
    make_field("story", kind="long_text", order=1)
    story = "Moved freight by rail for twenty years. " * 20
    make_found(answers={"story": story, "private": "canary"})
    html = get(visit(seeker))
    assert "Moved freight by rail" in html
    assert story not in html
    assert "…" in html
    assert "canary" not in html


def test_texts_of_people_are_never_markup(visit: Visit, seeker: Person) -> None:
    make_found("<b>Bold</b> <i>x", answers={}, job_title="<script>alert(1)</script>")
    html = get(visit(seeker))
    assert "<script>alert" not in html
    assert "<b>Bold" not in html


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_search_only_reads(visit: Visit, seeker: Person, method: str) -> None:
    response = getattr(visit(seeker), method)(reverse("matching:search"))
    assert response.status_code == 405


def test_stranger_signs_in_first(visit: Visit, member_client: Any, ciltuk: Institute) -> None:
    response = member_client(ciltuk).get(reverse("matching:search"))
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_mentor_is_led_to_where_one_becomes_a_mentee(
    visit: Visit, criteria: list[Criterion]
) -> None:
    response = visit(make_found(answers={})).get(reverse("matching:search"))
    assert response["Location"] == reverse("accounts:edit")


def test_mentor_who_is_a_mentee_too_is_led_to_the_other_account(
    visit: Visit, seeker: Person, criteria: list[Criterion]
) -> None:
    both = make_found(answers={}, is_mentee=True)
    client = visit(both)
    response = client.get(f"{reverse('matching:search')}?region=wales")
    assert response["Location"].startswith(reverse("accounts:role"))
    assert "region%253Dwales" in response["Location"] or "region%3Dwales" in response["Location"]


def test_mentee_without_a_complete_profile_completes_it_first(
    visit: Visit, criteria: list[Criterion]
) -> None:
    response = visit(make_person(is_mentee=True)).get(reverse("matching:search"))
    assert response["Location"] == reverse("profiles:edit")


def cost(client: Client, query: str) -> int:
    get(client, query)
    with CaptureQueriesContext(connection) as queries:
        get(client, query)
    return len(queries)


def test_page_costs_the_same_with_one_three_and_sixty_mentors(visit: Visit, seeker: Person) -> None:
    client, query, costs = visit(seeker), "?areas=cpd&region=wales&must=region", []
    for size in (1, 3, 60):
        for number in range(size):
            make_found(answers={"region": "wales", "areas": ["cpd"] if number % 2 else []})
        costs.append(cost(client, query))
    assert len(set(costs)) == 1, costs
    assert costs[0] <= LEDGER
    assert cost(client, query + "&must=areas&page=2") == costs[0]
    assert cost(client, "?areas=study&must=areas") <= costs[0]
