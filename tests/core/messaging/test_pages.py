"""Conversations as members see them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.services import block
from core.kernel import clock
from core.kernel.ids import new_id
from core.messaging import queries, services
from core.messaging.models import Draft, Message
from core.messaging.rules.writing import MESSAGES_A_PAGE
from tests.core.messaging.conftest import Browser
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship
from tests.factories.people import PASSWORD
from tests.factories.people import browser as stranger

pytestmark = pytest.mark.django_db


def thread(person: Person) -> str:
    return reverse("messaging:thread", args=[person.pk])


def news(person: Person, **query: Any) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('messaging:news', args=[person.pk])}?{pairs}"


def question(person: Person) -> str:
    return reverse("messaging:ask", args=[person.pk])


def write(by: Person, to: Person, text: str = "Good morning.", at: datetime | None = None) -> None:
    with clock.frozen(at or clock.now()):
        services.send(to=to, text=text, key=new_id(), by=by)


def many(by: Person, to: Person, count: int) -> None:
    """A long conversation; the limit counts on the cache, which knows nothing of these."""
    write(by, to, "Message 1")
    talk = queries.conversation_between(by, to)
    assert talk is not None
    Message.objects.bulk_create(
        Message(conversation=talk, number=number, sender=by, text=f"Message {number}", key=new_id())
        for number in range(talk.last_number + 1, count + 1)
    )
    talk.last_number = count
    talk.save()


@pytest.mark.usefixtures("asked")
def test_member_opens_an_empty_conversation_and_is_invited_to_write(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    page = browser(mentor).get(thread(mentee)).content.decode()
    assert "Messages with Bo Finch" in page
    assert "Nothing written yet" in page
    assert "Send message" in page


@pytest.mark.usefixtures("asked")
def test_member_sends_and_both_read_who_wrote_what(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    sent = browser(mentee).post(thread(mentor), {"text": "How do you <b>begin</b>?"})
    assert sent.status_code == 302
    theirs = browser(mentee).get(thread(mentor)).content.decode()
    assert "<strong>You</strong>" in theirs
    assert "has not read it yet" in theirs
    page = browser(mentor).get(thread(mentee)).content.decode()
    assert "<strong>Bo Finch</strong>" in page
    assert "&lt;b&gt;begin" in page
    assert "<span>Today</span>" in page
    assert "Ada read this" in browser(mentee).get(thread(mentor)).content.decode()


@pytest.mark.usefixtures("asked")
def test_member_sends_the_same_form_twice_it_is_one_message(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    page = browser(mentee).get(thread(mentor)).content.decode()
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    for _ in range(2):
        browser(mentee).post(thread(mentor), {"text": "Once", "key": found[1]})
    assert Message.objects.count() == 1


@pytest.mark.usefixtures("asked")
def test_member_sends_nothing_and_is_told_beside_the_box(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    answer = browser(mentee).post(thread(mentor), {"text": " "})
    assert answer.status_code == 422
    assert "Write something first, or add a file." in answer.content.decode()


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("who", ["stranger", "third", "staff"])
def test_nobody_else_opens_reads_or_writes_in_a_conversation(
    who: str, mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentee, mentor, "For Ada alone")
    if who == "stranger":
        client = stranger()
    else:
        staff = who == "staff"
        client = browser(make_mentee(is_staff=staff, is_superuser=staff))
    for address in (thread(mentor), thread(mentee), news(mentor, after=0), "/messages/"):
        assert "For Ada alone" not in client.get(address, follow=True).content.decode()
    for address in (thread(mentor), thread(mentee)):
        assert client.post(address, {"text": "Me too"}).status_code in (302, 404)
    assert Message.objects.count() == 1
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("asked")
def test_staff_find_no_way_to_messages_on_their_site(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentee, mentor, "For Ada alone")
    services.keep_draft(to=mentee, text="For Bo alone", by=mentor)
    staff = browser(make_mentee(is_staff=True, is_superuser=True))
    for path in ("conversation", "message", "side", "draft"):
        assert staff.get(f"/staff/messaging/{path}/").status_code == 404
    assert "alone" not in staff.get("/staff/").content.decode()


@pytest.mark.usefixtures("asked")
def test_days_and_times_are_those_of_the_reader(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    Person.objects.filter(pk=mentor.pk).update(time_zone="Asia/Tokyo")
    mentor.refresh_from_db()
    write(mentee, mentor, "Late", at=datetime(2026, 3, 3, 20, 30, tzinfo=UTC))
    here = browser(mentee).get(thread(mentor)).content.decode()
    there = browser(mentor).get(thread(mentee)).content.decode()
    assert "Tuesday 3 March 2026" in here
    assert ">20:30</time>" in here
    assert "Wednesday 4 March 2026" in there
    assert ">05:30</time>" in there


@pytest.mark.usefixtures("asked")
def test_long_conversation_comes_in_pages_and_never_twice(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    many(mentee, mentor, 2 * MESSAGES_A_PAGE + 5)
    client, address = browser(mentor), thread(mentee)
    read: list[int] = []
    while address:
        page = client.get(address).content.decode()
        read = [int(each) for each in re.findall(r'id="message-(\d+)"', page)] + read
        earlier = re.search(r'href="(\?before=\d+)"', page)
        address = thread(mentee) + earlier[1] if earlier else ""
    assert read == list(range(1, 2 * MESSAGES_A_PAGE + 6))


@pytest.mark.usefixtures("asked")
def test_conversation_costs_as_much_long_as_short(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    client = browser(mentor)
    write(mentee, mentor)
    client.get(thread(mentee))
    counts = []
    for total in (1, MESSAGES_A_PAGE + 10):
        if total > 1:
            many(mentee, mentor, total)
            client.get(thread(mentee))
        with CaptureQueriesContext(connection) as counted:
            assert client.get(thread(mentee)).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 11


def test_list_costs_as_much_with_many_as_with_one(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    client, counts = browser(mentor), []
    for people in (1, 8):
        for _ in range(people):
            other = make_mentee()
            services.ask(to=mentor, text="?", key=new_id(), by=other)
        client.get("/messages/")
        with CaptureQueriesContext(connection) as counted:
            client.get("/messages/")
        counts.append(len(counted))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("asked")
def test_new_messages_come_into_the_open_page(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentor, mentee, "First")
    client = browser(mentee)
    client.get(thread(mentor))
    assert client.get(news(mentor, after=1, read=1)).status_code == 204
    write(mentor, mentee, "Second")
    came = client.get(news(mentor, after=1, read=1, day="2000-01-01"))
    page = came.content.decode()
    assert came.status_code == 200
    assert "Second" in page
    assert "First" not in page
    assert "after=2" in page
    assert 'data-announce="New message from Ada Lark"' in page
    assert queries.unread_total(mentee) == 0


@pytest.mark.usefixtures("asked")
def test_page_learns_that_the_partner_has_read(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentor, mentee, "First")
    client = browser(mentor)
    assert client.get(news(mentee, after=1, read=0)).status_code == 204
    browser(mentee).get(thread(mentor))
    assert "Bo read this" in client.get(news(mentee, after=1, read=0)).content.decode()


@pytest.mark.usefixtures("asked")
def test_question_for_news_asks_the_database_for_little(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentor, mentee)
    client = browser(mentee)
    client.get(thread(mentor))
    with CaptureQueriesContext(connection) as counted:
        assert client.get(news(mentor, after=1, read=1)).status_code == 204
    about = [one["sql"] for one in counted if "messaging_" in one["sql"]]
    assert len(about) == 1
    assert len(counted) <= 4  # session, person, partner, the side


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("value", ["-1", "x", "9" * 30, "٣", "1e3", ""])
def test_nonsense_in_the_address_is_taken_as_nothing(
    value: str, mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentor, mentee)
    client = browser(mentee)
    assert client.get(news(mentor, after=value, read=value, day="<b>")).status_code in (200, 204)
    assert client.get(f"{thread(mentor)}?before={value}").status_code == 200


@pytest.mark.usefixtures("asked")
def test_what_a_browser_fetches_ahead_is_not_read(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentor, mentee)
    client = browser(mentee)
    client.get(thread(mentor), headers={"Sec-Purpose": "prefetch"})
    client.head(thread(mentor))
    assert queries.unread_total(mentee) == 1
    client.get(thread(mentor))
    assert queries.unread_total(mentee) == 0


@pytest.mark.usefixtures("asked")
def test_unread_messages_show_in_the_tab_on_the_card_and_in_the_list(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    client = browser(mentee)
    write(mentor, mentee, "Shall we meet?")
    page = client.get("/relationships/").content.decode()
    assert 'Messages<span class="count">1' in page
    assert "Messages (1 new)" in page
    inbox = client.get("/messages/").content.decode()
    assert "Shall we meet?" in inbox
    assert "1 new" in inbox
    client.get(thread(mentor))
    assert 'class="count"' not in client.get("/relationships/").content.decode()


def test_member_without_conversations_is_told_where_they_begin(
    mentee: Person, browser: Browser
) -> None:
    page = browser(mentee).get("/messages/").content.decode()
    assert "No messages yet" in page
    assert 'href="/mentors/"' in page


@pytest.mark.usefixtures("asked")
def test_draft_is_kept_while_typing_and_is_there_on_return(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    client = browser(mentee)
    kept = client.post(reverse("messaging:draft", args=[mentor.pk]), {"text": "Dear Ada, I"})
    assert kept.content == b"Draft kept."
    assert "Dear Ada, I" in client.get(thread(mentor)).content.decode()
    assert "Dear Ada, I" not in browser(mentor).get(thread(mentee)).content.decode()


@pytest.mark.usefixtures("asked")
def test_session_ends_while_writing_the_text_comes_back_after_signing_in(
    mentor: Person, mentee: Person
) -> None:
    mentee.set_password(PASSWORD)
    mentee.save()
    services_address = thread(mentor)
    client = stranger()
    client.post("/account/login/", {"login": mentee.email, "password": PASSWORD})
    Session.objects.all().delete()
    sent = client.post(services_address, {"text": "An hour of careful words"})
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/account/login/?next=")
    client.post(sent.headers["Location"], {"login": mentee.email, "password": PASSWORD})
    page = client.get(services_address).content.decode()
    assert "An hour of careful words" in page
    assert "was not sent" in page
    assert not Message.objects.exists()
    assert queries.draft_of(mentee, mentor) == "An hour of careful words"


@pytest.mark.usefixtures("asked")
def test_open_page_of_an_ended_session_says_so(mentor: Person) -> None:
    client = stranger()
    page = client.get(news(mentor, after=0)).content.decode()
    assert "You have been signed out." in page
    kept = client.post(reverse("messaging:draft", args=[mentor.pk]), {"text": "x"})
    assert "You have been signed out." in kept.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("asked")
def test_blocked_pair_reads_what_was_written_and_cannot_write(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    write(mentor, mentee, "Before")
    block(mentee, by=mentor)
    page = browser(mentee).get(thread(mentor)).content.decode()
    assert "Before" in page
    assert "cannot be sent at present" in page
    assert "Send message" not in page
    assert "block" not in page.lower()
    assert browser(mentee).post(thread(mentor), {"text": "But"}).status_code == 422


@pytest.mark.parametrize("institute", ["ciltuk", "guided"])
def test_pages_speak_the_institutes_word(
    institute: str,
    request: pytest.FixtureRequest,
    inside: Any,
    member_client: Callable[..., Client],
) -> None:
    where = request.getfixturevalue(institute)
    with inside(where):
        one, other = make_mentor("Ada Lark"), make_mentee("Bo Finch")
        make_mentorship(mentor=one, mentee=other)
        free = make_mentor("Cy Wren")
    client = member_client(where, other)
    wrong = "proposal" if institute == "ciltuk" else "request"
    for address in (thread(one), question(free), "/messages/"):
        page = client.get(address)
        assert page.status_code == 200
        assert not re.search(rf"\b{wrong}", page.content.decode(), re.IGNORECASE), address
