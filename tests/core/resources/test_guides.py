"""Guides, as members read them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.resources import services
from core.resources.models import Guide, GuideRead
from core.resources.queries import library, unread_required
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.people import someone

MemberClient = Callable[..., Client]
pytestmark = pytest.mark.django_db


def test_mentee_sees_the_guides_for_mentees_and_for_everyone(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    page = member_client(ciltuk, someone("mentee")).get("/resources/").content.decode()
    assert "Writing a good request" in page
    assert "Preparing your first conversation" in page
    assert "Being a mentor" not in page
    assert "0 of " in page


def test_mentor_does_not_open_a_guide_for_mentees(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    browser = member_client(ciltuk, someone("mentor"))
    assert browser.get("/resources/being-a-mentor/").status_code == 200
    assert browser.get("/resources/writing-to-a-mentor/").status_code == 404
    assert browser.post("/resources/writing-to-a-mentor/", {"read": "yes"}).status_code == 404


def test_stranger_is_led_to_sign_in(ciltuk: Institute, member_client: MemberClient) -> None:
    answer = member_client(ciltuk).get("/resources/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_member_marks_a_guide_as_read_and_takes_the_mark_away(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    person = someone("mentee")
    browser = member_client(ciltuk, person)
    address = "/resources/ending-well/"
    page = browser.post(address, {"read": "yes"}, follow=True).content.decode()
    assert "“Ending well” is marked as read." in page
    assert "1 of " in page
    assert "Mark as unread" in browser.get(address).content.decode()
    page = browser.post(address, {"read": "no"}, follow=True).content.decode()
    assert "“Ending well” is marked as unread." in page
    assert not GuideRead.objects.filter(person=person).exists()


def test_member_who_marks_a_guide_twice_has_one_mark(ciltuk: Institute) -> None:
    person, guide = someone("mentor"), Guide.objects.get(slug="ending-well")
    assert services.mark_read(guide, by=person) == services.mark_read(guide, by=person)
    assert GuideRead.objects.filter(person=person).count() == 1


def test_mark_of_one_member_is_nobody_elses(ciltuk: Institute) -> None:
    services.mark_read(Guide.objects.get(slug="ending-well"), by=someone("mentee"))
    assert library(someone("mentee"), "mentee").read == 0


def test_member_is_led_to_the_next_unread_guide(ciltuk: Institute) -> None:
    person = someone("mentee")
    guides = [entry.guide for entry in library(person, "mentee").entries]
    services.mark_read(guides[1], by=person)
    shelf = library(person, "mentee")
    following = shelf.next_after(guides[0])
    assert following is not None
    assert following.guide == guides[2]
    from_the_start = shelf.next_after(guides[-1])
    assert from_the_start is not None
    assert from_the_start.guide == guides[0]


def test_guides_are_in_the_institutes_words(guided: Institute, member_client: MemberClient) -> None:
    with tenant_context(guided):
        person = someone("mentee")
    browser = member_client(guided, person)
    assert "Writing a good proposal" in browser.get("/resources/").content.decode()
    page = browser.get("/resources/writing-to-a-mentor/").content.decode()
    assert not re.search(r"\brequest", page, re.IGNORECASE)
    assert "{{" not in page


def test_mentee_of_the_guided_programme_reads_first_and_then_finds_the_profile_open(
    guided: Institute, member_client: MemberClient
) -> None:
    with tenant_context(guided):
        person = someone("mentee")
        first = unread_required(person, "mentee")
        assert [guide.slug for guide in first] == ["what-mentoring-is", "before-you-begin-mentee"]
    browser = member_client(guided, person)
    assert browser.get("/profile/")["Location"] == "/resources/"
    page = browser.get("/resources/").content.decode()
    assert page.count("To be read first") == 2
    browser.post("/resources/what-mentoring-is/", {"read": "yes"})
    assert browser.get("/profile/").status_code == 302
    answer = browser.post("/resources/before-you-begin-mentee/", {"read": "yes"})
    assert answer["Location"] == "/profile/"
    assert browser.get("/profile/").status_code == 200
    with tenant_context(guided):
        assert unread_required(person, "mentee") == []
        assert unread_required(person, "mentor") != []


def test_where_guides_do_not_come_first_nothing_has_to_be_read(ciltuk: Institute) -> None:
    Guide.objects.update(required=True)
    assert unread_required(someone("mentee"), "mentee") == []


def test_hidden_guide_is_not_found(ciltuk: Institute, member_client: MemberClient) -> None:
    Guide.objects.filter(slug="ending-well").update(active=False)
    browser = member_client(ciltuk, someone("mentee"))
    assert browser.get("/resources/ending-well/").status_code == 404
    assert "Ending well" not in browser.get("/resources/").content.decode()


def test_programme_without_guides_says_so(ciltuk: Institute, member_client: MemberClient) -> None:
    Guide.objects.all().delete()
    page = member_client(ciltuk, someone("mentee")).get("/resources/").content.decode()
    assert "There are no guides yet" in page


def test_list_asks_the_database_no_more_with_many_guides(
    ciltuk: Institute,
    member_client: MemberClient,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = member_client(ciltuk, someone("mentee"))
    for number in range(30):
        Guide.objects.create(
            slug=f"g{number}", title="G", summary="S", body="B", topic=f"T{number % 3}"
        )
    browser.get("/resources/")
    with django_assert_max_num_queries(5):
        assert browser.get("/resources/").status_code == 200


def test_guide_cannot_run_a_script(ciltuk: Institute, member_client: MemberClient) -> None:
    Guide.objects.create(
        slug="evil", title="<b>E</b>", summary="S", body="<img src=x onerror=a()>", topic="T"
    )
    page = member_client(ciltuk, someone("mentee")).get("/resources/evil/").content.decode()
    assert "<img src=x" not in page
    assert "<b>E</b>" not in page
