"""Need Help? and the legal pages, as people see them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.help.models import Faq, LegalPage
from core.help.rules import PAGES
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
from tests.factories.people import someone

MemberClient = Callable[..., Client]
pytestmark = pytest.mark.django_db


def test_stranger_finds_questions_for_everyone_mentees_and_mentors(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    page = member_client(ciltuk).get("/help/").content.decode()
    heads = ["For everyone", "For mentees", "For mentors"]
    assert [page.index(f"{head}</h2>".replace("\n", "")) for head in heads] == sorted(
        page.index(f"{head}</h2>") for head in heads
    )
    assert "How do I send a request?" in page
    assert "mailto:mentoring@ciltuk.example" in page


def test_mentor_finds_the_questions_of_mentors_before_those_of_mentees(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    page = member_client(ciltuk, someone("mentor")).get("/help/").content.decode()
    assert page.index('id="for-everyone"') < page.index('id="for-mentor"')
    assert page.index('id="for-mentor"') < page.index('id="for-mentee"')


def test_member_of_another_institute_reads_its_own_word(
    guided: Institute, member_client: MemberClient
) -> None:
    page = member_client(guided).get("/help/").content.decode()
    assert "How do I send a proposal?" in page
    assert "Answering proposals" in page
    assert not re.search(r"\brequest", page, re.IGNORECASE)
    assert "{{" not in page


def test_member_searches_without_a_script(ciltuk: Institute, member_client: MemberClient) -> None:
    page = member_client(ciltuk).get("/help/", {"q": "forgotten password"}).content.decode()
    assert "1 answer for “forgotten password”" in page
    assert 'value="forgotten password"' in page
    assert "I have forgotten my password" in page
    assert "How do we arrange a meeting?" not in page


def test_member_searches_by_the_institutes_own_word(
    guided: Institute, member_client: MemberClient
) -> None:
    page = member_client(guided).get("/help/", {"q": "withdraw proposal"}).content.decode()
    assert "How do I withdraw a proposal" in page


@pytest.mark.parametrize(
    "query", ["zeppelin", "<script>alert(1)</script>", "\x00", "%", "?!", "x" * 5000]
)
def test_member_who_searches_for_nonsense_is_told_where_to_write(
    query: str, ciltuk: Institute, member_client: MemberClient
) -> None:
    answer = member_client(ciltuk).get("/help/", {"q": query})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "mentoring@ciltuk.example" in page


def test_help_asks_as_few_questions_of_the_database_with_many_answers_as_with_few(
    ciltuk: Institute,
    member_client: MemberClient,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = member_client(ciltuk)
    browser.get("/help/")
    with django_assert_num_queries(1):
        assert browser.get("/help/").status_code == 200
    for number in range(30):
        Faq.objects.create(question=f"Why {number}?", answer="So.", topic="More")
    with django_assert_num_queries(1):
        assert browser.get("/help/").status_code == 200


def test_staffs_own_answer_cannot_run_a_script(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    Faq.objects.create(
        topic="<b>T</b>",
        question="<i>Q</i>",
        answer="<script>alert(1)</script> [x](javascript:alert(2)) **bold**",
    )
    page = member_client(ciltuk).get("/help/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<i>Q</i>" not in page
    assert "<strong>bold</strong>" in page


def test_visitor_reads_the_privacy_page_in_the_institutes_words(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    page = member_client(ciltuk).get("/about/privacy/").content.decode()
    assert "<h1>Privacy</h1>" in page
    assert "Your requests and relationships" in page
    assert "mentoring@ciltuk.example" in page


def test_footer_leads_to_every_legal_page(ciltuk: Institute, member_client: MemberClient) -> None:
    browser = member_client(ciltuk)
    page = browser.get("/help/").content.decode()
    for slug in LegalPage.objects.values_list("slug", flat=True):
        address = reverse("help:legal", args=(slug,))
        assert f'href="{address}"' in page
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize("slug", ["imprint", "privacy2", "-"])
def test_unknown_legal_page_is_not_found(
    slug: str, ciltuk: Institute, member_client: MemberClient
) -> None:
    assert member_client(ciltuk).get(f"/about/{slug}/").status_code == 404


def test_nobody_can_send_anything_to_the_help_page(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    assert member_client(ciltuk).post("/help/").status_code == 405


def test_staff_add_a_question_and_members_read_it(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    browser = member_client(ciltuk, someone("mentor", is_staff=True))
    answer = browser.post(
        reverse("staff:help_faq_add"),
        {
            "question": "Is there a car park?",
            "audience": "everyone",
            "topic": "Visiting",
            "order": "5",
            "answer": "Behind the house.",
        },
    )
    assert answer.status_code == 302
    assert "Is there a car park?" in member_client(ciltuk).get("/help/").content.decode()
    assert Faq.objects.get(topic="Visiting").key.startswith("own-")


def test_staff_who_misspell_a_placeholder_are_told_beside_the_text(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    browser = member_client(ciltuk, someone("mentor", is_staff=True))
    answer = browser.post(
        reverse("staff:help_faq_add"),
        {
            "question": "How?",
            "audience": "everyone",
            "topic": "Visiting",
            "order": "5",
            "answer": "Send {{ a_reqest }}.",
        },
    )
    assert "{{ a_reqest }} stands for nothing here." in answer.content.decode()
    assert not Faq.objects.filter(topic="Visiting").exists()


def test_answers_of_one_institute_stay_there(
    ciltuk: Institute, guided: Institute, member_client: MemberClient
) -> None:
    Faq.objects.create(question="CANARY?", answer="Only here.", topic="T")
    assert "CANARY" in member_client(ciltuk).get("/help/").content.decode()
    with tenant_context(guided):
        assert not Faq.objects.filter(question="CANARY?").exists()
    assert "CANARY" not in member_client(guided).get("/help/").content.decode()


@pytest.mark.parametrize("slug", ["ciltuk", "connect", "guided", "linguists", "uhb"])
def test_every_place_of_the_help_page_has_an_address_of_its_own(
    slug: str, db: None, member_client: MemberClient
) -> None:
    with platform_scope():
        institute = Institute.objects.get(slug=slug)
    page = member_client(institute).get("/help/").content.decode()
    places = re.findall(r'\bid="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)


def test_answer_has_a_page_of_its_own_that_can_be_sent_to_somebody(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    browser = member_client(ciltuk)
    assert 'href="/help/questions/password/"' in browser.get("/help/").content.decode()
    page = browser.get("/help/questions/password/").content.decode()
    assert "<h1>I have forgotten my password" in page
    assert 'href="/account/edit/"' in page
    assert browser.get("/help/questions/nothing/").status_code == 404


def test_answer_leads_to_the_page_that_it_names(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    Faq.objects.create(
        key="planted", question="Q", topic="T", answer="[Here](page:matching:search), [b](page:x:y)"
    )
    page = member_client(ciltuk).get("/help/questions/planted/").content.decode()
    assert 'href="/mentors/"' in page
    assert "page:" not in page


def test_every_page_that_answers_may_name_opens_without_a_key() -> None:
    assert all(reverse(name).startswith("/") for name in PAGES)


def test_staff_who_name_a_page_that_is_not_there_are_told(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    browser = member_client(ciltuk, someone("mentor", is_staff=True))
    given = {"question": "How?", "audience": "everyone", "topic": "T", "order": "5"}
    answer = browser.post(
        reverse("staff:help_faq_add"), {**given, "answer": "[Look](page:matching:serach)"}
    )
    assert "There is no page called “matching:serach”." in answer.content.decode()


def test_search_of_a_mentor_finds_questions_of_mentors_first(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    for audience in ("mentee", "mentor", "everyone"):
        Faq.objects.create(
            key=f"owl-{audience}", audience=audience, question="Owls?", topic="T", answer="Hoot."
        )
    for role, last in (("mentor", "mentee"), ("mentee", "mentor")):
        page = member_client(ciltuk, someone(role)).get("/help/", {"q": "owls"}).content.decode()
        places = {one: page.index(f'id="faq-owl-{one}"') for one in ("everyone", role, last)}
        assert places[last] == max(places.values())


def test_search_that_finds_nothing_leads_to_the_contact_form_with_the_words(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    page = member_client(ciltuk).get("/help/", {"q": "a&b zeppelin"}).content.decode()
    assert "/help/contact/?subject=a%26b%20zeppelin" in page
