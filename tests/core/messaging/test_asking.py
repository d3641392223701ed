"""Ask Question: the second tab of a mentor's page."""

import re

import pytest
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.services import block
from core.kernel.ids import new_id
from core.messaging.models import Message
from core.profiles.models import Profile
from tests.core.messaging.conftest import Browser

pytestmark = pytest.mark.django_db


def question(person: Person) -> str:
    return reverse("messaging:ask", args=[person.pk])


def thread(person: Person) -> str:
    return reverse("messaging:thread", args=[person.pk])


def test_mentee_finds_two_tabs_on_a_mentors_page(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    page = browser(mentee).get(f"/mentors/{mentor.pk}/").content.decode()
    assert f'href="{question(mentor)}"' in page
    tab = browser(mentee).get(question(mentor)).content.decode()
    assert re.search(rf'href="{question(mentor)}" aria-current="page"', tab)
    assert "Mentor Request" in tab


def test_mentee_asks_and_the_mentor_answers_in_the_same_thread(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    sent = browser(mentee).post(question(mentor), {"text": "Do you know rail?"}, follow=True)
    page = sent.content.decode()
    assert "Do you know rail?" in page
    assert "You will get an e-mail" in page
    assert browser(mentor).post(thread(mentee), {"text": "I do."}).status_code == 302
    again = browser(mentee).get(question(mentor)).content.decode()
    assert "Go to your messages" in again


def test_mentee_presses_ask_twice_it_is_asked_once(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    form = {"text": "Do you know rail?", "key": str(new_id())}
    for _ in range(2):
        assert browser(mentee).post(question(mentor), form).status_code == 302
    assert Message.objects.count() == 1


@pytest.mark.parametrize("flaw", ["blocked", "closed", "incomplete", "no mentor", "themselves"])
def test_mentee_finds_no_question_page_of_somebody_who_is_not_to_be_seen(
    flaw: str, mentor: Person, mentee: Person, browser: Browser
) -> None:
    if flaw == "blocked":
        block(mentee, by=mentor)
    elif flaw == "closed":
        Person.objects.filter(pk=mentor.pk).update(is_active=False)
    elif flaw == "incomplete":
        Profile.objects.filter(person=mentor).update(complete=False)
    elif flaw == "no mentor":
        Person.objects.filter(pk=mentor.pk).update(is_mentor=False)
    address = question(mentee if flaw == "themselves" else mentor)
    client = browser(mentee)
    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "?"}).status_code == 404
    assert not Message.objects.exists()


def test_mentee_sees_why_an_unavailable_mentor_takes_no_questions(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    Profile.objects.filter(person=mentor).update(available=False)
    page = browser(mentee).get(question(mentor)).content.decode()
    assert "takes no questions at present" in page
    assert "Send question" not in page
    assert browser(mentee).post(question(mentor), {"text": "?"}).status_code == 422


def test_mentee_keeps_what_was_typed_when_the_question_is_refused(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    answer = browser(mentee).post(question(mentor), {"text": "x" * 8001})
    assert answer.status_code == 422
    assert "x" * 8001 in answer.content.decode()
