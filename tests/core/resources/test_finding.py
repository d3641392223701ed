"""Finding guides: one search over guides and answers, a choice of topic and stage."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.kernel import searching
from core.programme.services import publish
from core.resources.models import Guide, Video
from core.resources.queries import library, stages
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.people import someone

MemberClient = Callable[..., Client]
pytestmark = pytest.mark.django_db


def make(slug: str, **values: str) -> Guide:
    return Guide.objects.create(
        **{"slug": slug, "title": slug, "summary": "S", "body": "B", "topic": "T", **values}
    )


def test_member_finds_a_guide_by_what_stands_in_it_or_is_said_in_its_video(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    make("quiet", title="Keeping quiet", body="On zeppelins and **their moorings**.")
    told = make("told", title="Told")
    Video.objects.create(
        guide=told, title="V", link="https://v.example/1", transcript="Here is a zeppelin."
    )
    page = member_client(ciltuk, someone("mentee")).get("/resources/?q=zeppelin").content.decode()
    assert "Keeping quiet" in page
    assert "/resources/told/" in page
    assert "Choosing a mentor" not in page


def test_one_box_finds_guides_and_answers(ciltuk: Institute, member_client: MemberClient) -> None:
    page = member_client(ciltuk, someone("mentee")).get("/resources/?q=password").content.decode()
    assert "Nothing was found" not in page
    assert "/help/" in page


def test_search_finds_nothing_that_the_reader_may_not_open(ciltuk: Institute) -> None:
    make("secret", title="Zeppelins for mentors", audience="mentor")
    make("hidden", title="Hidden zeppelins").delete()
    for role in ("mentee", None):
        found = [one.title for shelf in searching.find("zeppelins", role) for one in shelf.found]
        assert "Zeppelins for mentors" not in found
    assert any(shelf.key == "guides" for shelf in searching.find("zeppelins", "mentor"))


def test_proposal_is_found_where_the_text_holds_only_a_placeholder(guided: Institute) -> None:
    with tenant_context(guided):
        make("ask", title="Asking", body="Write {{ a_request }} to a lighthouse keeper.")
        shelves = searching.find("proposal lighthouse", "mentee")
    assert [one.title for one in shelves[0].found] == ["Asking"]


@pytest.mark.parametrize(
    "query", ["", "   ", "\x00", "<b>", "'; drop table", "&|!():*", "a" * 5000]
)
def test_strange_search_is_answered_by_a_page(
    ciltuk: Institute, member_client: MemberClient, query: str
) -> None:
    answer = member_client(ciltuk, someone("mentee")).get("/resources/", {"q": query})
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()


def test_member_chooses_a_topic_and_a_stage(ciltuk: Institute, member_client: MemberClient) -> None:
    make("one", title="First zeppelin", topic="Airships", stage="progression")
    make("two", title="Second zeppelin", topic="Airships", stage="completion")
    browser = member_client(ciltuk, someone("mentee"))
    page = browser.get("/resources/?topic=Airships&stage=completion").content.decode()
    assert "Second zeppelin" in page
    assert "First zeppelin" not in page
    everything = browser.get("/resources/?topic=nonsense&stage=nonsense").content.decode()
    assert "First zeppelin" in everything


def test_stages_are_those_of_the_institutes_own_journey(ciltuk: Institute) -> None:
    publish("journey", "plan", {"stages": [{"key": "harvest", "label": "Harvest"}]})
    assert stages()["harvest"] == "Harvest"
    make("sickle", stage="harvest")
    shelf = library(someone("mentee"), "mentee")
    assert ("harvest", "Harvest") in shelf.stages


def test_guides_stand_in_the_order_that_staff_gave_them(ciltuk: Institute) -> None:
    Guide.objects.all().delete()
    for order, slug in ((3, "aft"), (1, "zenith"), (2, "middle")):
        Guide.objects.filter(pk=make(slug, topic=f"Topic {slug}").pk).update(order=order)
    shelf = library(someone("mentee"), "mentee")
    assert [topic.name for topic in shelf.topics] == ["Topic zenith", "Topic middle", "Topic aft"]
