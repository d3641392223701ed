"""Answering, changing, putting off and declining; nobody else reads it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.feedback.models import ContactWish, Invitation, Reply
from core.kernel import clock
from core.kernel.models import OutboxMail
from core.mentorships.models import Mentorship
from tests.core.feedback.conftest import NOON, Policy, Visit
from tests.factories.feedback import make_invitation, make_survey
from tests.factories.mentorships import make_mentee

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(pair: Mentorship) -> Invitation:
    make_survey()
    return make_invitation(pair)


@pytest.fixture
def mentee(visit: Visit, pair: Mentorship) -> Client:
    return visit(pair.mentee)


def test_member_answers_once_however_often_it_is_sent(mentee: Client, asked: Invitation) -> None:
    page = asked.get_absolute_url()
    form = {"q-worth": "4", "q-again": "", "q-best": " The walks ", "concern": "", "seen": "0"}
    for _ in range(2):
        answer = mentee.post(page, form)
        assert answer.headers["Location"] == reverse("feedback:thanks", args=[asked.mentorship_id])
    reply = Reply.objects.get()
    assert (reply.answers, reply.changes) == ({"worth": 4, "best": "The walks"}, 1)
    assert "Many thanks." in mentee.get(answer.headers["Location"]).content.decode()


def test_missing_or_invented_answer_is_refused_and_the_words_stay(
    mentee: Client, asked: Invitation
) -> None:
    for wrong in ({}, {"q-worth": "6"}, {"q-worth": "4", "q-again": "maybe"}):
        answer = mentee.post(asked.get_absolute_url(), {**wrong, "q-best": "Kept words"})
        assert answer.status_code == 422
        assert "Kept words" in answer.content.decode()
    assert not Reply.objects.exists()


def test_partner_staff_and_others_find_nothing(
    visit: Visit, asked: Invitation, mentee: Client, pair: Mentorship
) -> None:
    mentee.post(asked.get_absolute_url(), {"q-worth": "1", "q-best": "A secret word"})
    for person, status in ((pair.mentor, 200), (make_mentee(), 404)):
        answer = visit(person).get(asked.get_absolute_url())
        assert answer.status_code == status
        assert "A secret word" not in answer.content.decode()
    assert visit(pair.mentor).post(asked.get_absolute_url(), {"q-worth": "5"}).status_code == 200
    assert Reply.objects.get().answers["worth"] == 1


def test_answer_can_be_changed_for_a_week_and_then_only_read(
    mentee: Client, asked: Invitation
) -> None:
    page = asked.get_absolute_url()
    mentee.post(page, {"q-worth": "4", "q-best": "First", "seen": "0"})
    assert "First" in mentee.get(page).content.decode()
    mentee.post(page, {"q-worth": "2", "q-best": "Second", "seen": "1"})
    assert Reply.objects.get().answers == {"worth": 2, "best": "Second"}
    with clock.frozen(NOON + timedelta(days=7)):
        shown = mentee.get(page).content.decode()
        assert "Second" in shown
        assert "<textarea" not in shown
        mentee.post(page, {"q-worth": "5", "seen": "2"})
    assert Reply.objects.get().answers["worth"] == 2


def test_second_window_is_told_and_keeps_its_words(mentee: Client, asked: Invitation) -> None:
    page = asked.get_absolute_url()
    mentee.post(page, {"q-worth": "4", "q-best": "From the one window", "seen": "0"})
    answer = mentee.post(page, {"q-worth": "3", "q-best": "From the other", "seen": "0"})
    assert answer.status_code == 409
    assert "From the other" in answer.content.decode()
    assert Reply.objects.get().answers["best"] == "From the one window"
    mentee.post(page, {"q-worth": "3", "q-best": "From the other", "seen": "1"})
    assert Reply.objects.get().answers["best"] == "From the other"


def test_draft_waits_for_its_writer(mentee: Client, asked: Invitation, visit: Visit) -> None:
    page = asked.get_absolute_url()
    mentee.post(page, {"q-best": "Half a thought\x00", "concern": "Later", "later": ""})
    assert not Reply.objects.exists()
    shown = mentee.get(page).content.decode()
    assert "Half a thought" in shown
    assert "Later" in shown


def test_declined_is_declined_but_a_required_one_waits(
    mentee: Client, asked: Invitation, set_policy: Policy
) -> None:
    decline = reverse("feedback:decline", args=[asked.mentorship_id])
    set_policy(feedback="required")
    assert "I would rather not" not in mentee.get(asked.get_absolute_url()).content.decode()
    assert mentee.post(decline).status_code == 404
    board = mentee.get(reverse("mentorships:dashboard")).content.decode()
    assert asked.get_absolute_url() in board
    set_policy(feedback="asked")
    mentee.post(decline)
    assert Invitation.objects.get().declined_at == NOON
    board = mentee.get(reverse("mentorships:dashboard")).content.decode()
    assert asked.get_absolute_url() not in board
    mentee.post(asked.get_absolute_url(), {"q-worth": "3"})
    assert Reply.objects.count() == 1, "whoever thinks again can still answer"


def test_wish_to_be_contacted_goes_to_the_team_once_and_alone(
    mentee: Client, asked: Invitation, pair: Mentorship
) -> None:
    page = asked.get_absolute_url()
    form = {"q-worth": "1", "q-best": "Only for the results", "contact": "on", "seen": "0"}
    assert mentee.post(page, {**form, "concern": ""}).status_code == 422
    for _ in range(2):
        mentee.post(page, {**form, "concern": "He never came"})
    wish = ContactWish.objects.get()
    assert (wish.text, wish.person, wish.state) == ("He never came", pair.mentee, "open")
    mail = OutboxMail.objects.get(kind="feedback_wish")
    assert "He never came" in mail.text
    assert pair.mentee.full_name in mail.text
    assert "Only for the results" not in mail.text
    assert mentee.post(page, {"later": "", "q-worth": "9"}).status_code == 422
    mentee.post(page, {"q-worth": "2", "seen": "1"})
    assert Reply.objects.get().concern == "He never came"


def test_before_anything_is_asked_the_page_says_so(visit: Visit, pair: Mentorship) -> None:
    page = reverse("feedback:answer", args=[pair.pk])
    assert visit(pair.mentor).get(page).status_code == 200
    assert visit(make_mentee()).get(page).status_code == 404
    thanks = visit(pair.mentor).get(reverse("feedback:thanks", args=[pair.pk]))
    assert thanks.headers["Location"] == page
