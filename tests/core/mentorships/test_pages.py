"""The pages of members: what they show to whom, and what a press of a button does."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.models import OutboxMail
from core.mentorships import services
from core.mentorships.models import Mentorship
from core.mentorships.states import PAST, Action, State
from core.profiles.models import Profile
from tenants.models import Institute
from tests.core.mentorships.conftest import Visit
from tests.core.mentorships.test_services import set_policy
from tests.factories.mentorships import (
    STATEMENT,
    an_area,
    make_mentee,
    make_mentor,
    make_mentorship,
    make_person,
)

pytestmark = pytest.mark.django_db
AT_THE_END = {Action.MARK_DONE, Action.TAKE_BACK, Action.COMPLETE}
"""What stands on the page of the journey's end."""


def page_of(mentorship: Mentorship) -> str:
    return reverse("mentorships:detail", args=[mentorship.pk])


def step_of(mentorship: Mentorship, action: str) -> str:
    return reverse("mentorships:act", args=[mentorship.pk, action])


def mentor_page(person: Person) -> str:
    return reverse("mentorships:mentor", args=[person.pk])


def draft(**changes: str) -> dict[str, str]:
    return {"area": an_area(), "statement": STATEMENT, **changes}


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content[:2000]
    return str(response.content.decode())


def contact(person: Person) -> list[str]:
    return [person.email, person.phone]


# --- asking ---------------------------------------------------------------------------------


def test_mentee_writes_looks_over_and_sends(visit: Visit) -> None:
    mentor, mentee = make_mentor("Wren Alder"), make_mentee()
    browser = visit(mentee)
    page = text(browser.get(mentor_page(mentor)))
    assert "Mentor Request" in page
    assert "These details go to <strong>Wren Alder</strong>" in page
    preview = text(browser.post(mentor_page(mentor), draft(step="preview")))
    assert "Send Request" in preview
    assert "learn how to give feedback" in preview
    assert not Mentorship.objects.exists()
    again = text(browser.post(mentor_page(mentor), draft(step="edit")))
    assert "learn how to give feedback" in again
    assert "There is a problem" not in again
    sent = browser.post(mentor_page(mentor), draft(step="send"), follow=True)
    assert "on its way to Wren Alder" in text(sent)
    assert sent.redirect_chain == [(page_of(Mentorship.objects.get()), 302)]


def test_mentee_pressing_send_twice_sends_once_and_lands_on_it(visit: Visit) -> None:
    mentor, mentee = make_mentor(), make_mentee()
    browser = visit(mentee)
    browser.post(mentor_page(mentor), draft(step="send"))
    second = browser.post(mentor_page(mentor), draft(step="send"))
    assert second.headers["Location"] == page_of(Mentorship.objects.get())
    assert OutboxMail.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"statement": ""}, {"statement": "Hello"}, {"statement": "x" * 3001}, {"area": "nowhere"}],
    ids=["empty", "short", "long", "area"],
)
@pytest.mark.parametrize("step", ["preview", "send"])
def test_mentee_with_a_wrong_field_keeps_the_draft(
    visit: Visit, wrong: dict[str, str], step: str
) -> None:
    mentor, mentee = make_mentor(), make_mentee()
    page = text(visit(mentee).post(mentor_page(mentor), draft(step=step, **wrong)), 422)
    assert "There is a problem" in page
    kept = wrong.get("statement", STATEMENT.splitlines()[0])
    assert kept in page
    assert not Mentorship.objects.exists()


def test_mentee_at_the_limit_keeps_the_draft_and_reads_why(visit: Visit) -> None:
    set_policy(open_request_limit=1)
    mentee = make_mentee()
    make_mentorship(mentee=mentee)
    mentor = make_mentor()
    browser = visit(mentee)
    page = text(browser.post(mentor_page(mentor), draft(step="send")), 422)
    assert "as many as can be open at once" in page
    assert "learn how to give feedback" in page
    assert "as many as can be open at once" in text(browser.get(mentor_page(mentor)))


def test_mentee_meets_a_full_mentor_and_no_form(visit: Visit) -> None:
    mentor = make_mentor("Wren Alder", capacity=1)
    make_mentorship(mentor=mentor, state=State.ACTIVE)
    page = text(visit(make_mentee()).get(mentor_page(mentor)))
    assert "Wren Alder has no place for another mentee" in page
    assert 'name="statement"' not in page


def test_mentee_who_asked_already_is_led_to_it(visit: Visit) -> None:
    asked = make_mentorship()
    page = text(visit(asked.mentee).get(mentor_page(asked.mentor)))
    assert page_of(asked) in page
    assert 'name="statement"' not in page


def test_mentor_sees_own_page_as_others_do(visit: Visit) -> None:
    mentor = make_mentor()
    page = text(visit(mentor).get(mentor_page(mentor)))
    assert "This is how" in page
    assert 'name="statement"' not in page


def test_mentor_page_of_nobody_is_not_found(visit: Visit) -> None:
    mentee = make_mentee()
    unfinished = make_mentor()
    Profile.objects.filter(person=unfinished).update(complete=False)
    gone = make_mentor(is_active=False)
    browser = visit(mentee)
    for person in (make_mentee(), unfinished, gone, make_person()):
        assert browser.get(mentor_page(person)).status_code == 404
        assert browser.post(mentor_page(person), draft(step="send")).status_code == 404
    assert browser.get(reverse("mentorships:mentor", args=[uuid4()])).status_code == 404


def test_mentor_who_is_no_mentee_cannot_look_at_or_ask_others(visit: Visit) -> None:
    browser = visit(make_mentor())
    other = make_mentor()
    assert browser.get(mentor_page(other)).status_code == 404
    assert browser.post(mentor_page(other), draft(step="send")).status_code == 404


def test_what_members_write_is_never_markup(visit: Visit) -> None:
    evil = "<script>alert(1)</script> & <b>bold</b> " * 3
    asked = make_mentorship(statement=evil, note=evil, state=State.DECLINED)
    for person in (asked.mentor, asked.mentee):
        page = text(visit(person).get(page_of(asked)))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


# --- the page of one mentorship ---------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(State))
def test_page_draws_exactly_the_actions_that_are_available(visit: Visit, state: State) -> None:
    asked = make_mentorship(state=state)
    for person in (asked.mentor, asked.mentee):
        page = text(visit(person).get(page_of(asked)))
        drawn = set(re.findall(rf"{page_of(asked)}({'|'.join(Action)})/", page))
        available = set(services.available_actions(person, asked))
        assert drawn == {str(action) for action in available - AT_THE_END}
        assert (reverse("journey:ending", args=[asked.pk]) in page) == bool(available & AT_THE_END)


@pytest.mark.parametrize("state", sorted(State))
def test_contact_details_show_while_active_and_never_else(visit: Visit, state: State) -> None:
    asked = make_mentorship(state=state)
    mentor, mentee = asked.mentor, asked.mentee
    for reader, partner in ((mentor, mentee), (mentee, mentor)):
        browser = visit(reader)
        for address in (page_of(asked), reverse("mentorships:dashboard")):
            page = text(browser.get(address))
            for detail in contact(partner):
                assert (detail in page) == (state == State.ACTIVE), (reader, address, detail)
        if state != State.ACTIVE:
            assert partner.job_title not in text(browser.get(page_of(asked)))


def test_mentor_page_never_tells_contact_details(visit: Visit) -> None:
    for state in State:
        asked = make_mentorship(state=state)
        page = text(visit(asked.mentee).get(mentor_page(asked.mentor)))
        assert not [detail for detail in contact(asked.mentor) if detail in page]


def test_mentee_is_asked_to_arrange_the_first_meeting(visit: Visit) -> None:
    active = make_mentorship(state=State.ACTIVE)
    for address in (page_of(active), reverse("mentorships:dashboard")):
        page = text(visit(active.mentee).get(address))
        assert "Arrange your first meeting" in page
        assert f"mailto:{active.mentor.email}" in page


def test_strangers_and_staff_get_404_for_the_mentorship_of_others(visit: Visit) -> None:
    asked = make_mentorship()
    for person in (make_mentor(is_staff=True), make_mentee(), make_mentor()):
        browser = visit(person)
        assert browser.get(page_of(asked)).status_code == 404
        for action in Action:
            assert browser.get(step_of(asked, action)).status_code == 404
            assert browser.post(step_of(asked, action)).status_code == 404
    asked.refresh_from_db()
    assert asked.state == State.PROPOSED


def test_guest_is_sent_to_sign_in(member_client: Any, ciltuk: Institute) -> None:
    asked = make_mentorship()
    browser = member_client(ciltuk)
    for address in (
        page_of(asked), step_of(asked, "accept"), mentor_page(asked.mentor),
        reverse("mentorships:dashboard"),
    ):  # fmt: skip
        response = browser.get(address)
        assert response.status_code == 302
        assert reverse("account_login") in response.headers["Location"]


def test_mentor_accepts_with_one_press(visit: Visit) -> None:
    asked = make_mentorship()
    page = text(visit(asked.mentor).post(step_of(asked, "accept"), follow=True))
    assert asked.mentee.email in page
    asked.refresh_from_db()
    assert asked.is_active


def test_mentor_declines_with_kind_words_and_the_mentee_reads_them(visit: Visit) -> None:
    fitting = make_mentor("Robin Larch")
    asked = make_mentorship()
    browser = visit(asked.mentor)
    assert "Decline" in text(browser.get(step_of(asked, "decline")))
    words = {"reason": "no_time", "note": "Do write again in spring."}
    text(browser.post(step_of(asked, "decline"), words, follow=True))
    page = text(visit(asked.mentee).get(page_of(asked)))
    assert "Do write again in spring." in page
    assert "cannot give this the time" in page
    assert "next closest" in page
    assert mentor_page(fitting) in page
    assert f'{mentor_page(asked.mentor)}"' not in page.split("next closest")[1].split("letter")[0]


def test_mentor_with_too_many_words_keeps_them(visit: Visit) -> None:
    asked = make_mentorship()
    page = text(visit(asked.mentor).post(step_of(asked, "decline"), {"note": "so " * 600}), 422)
    assert "so so so" in page
    asked.refresh_from_db()
    assert asked.state == State.PROPOSED


def test_mentee_withdraws_after_a_look(visit: Visit) -> None:
    asked = make_mentorship()
    browser = visit(asked.mentee)
    assert "you can reopen it" in text(browser.get(step_of(asked, "withdraw")))
    asked.refresh_from_db()
    assert asked.state == State.PROPOSED
    assert "is withdrawn" in text(browser.post(step_of(asked, "withdraw"), follow=True))


@pytest.mark.parametrize("action", ["accept", "decline", "withdraw"])
@pytest.mark.parametrize("state", sorted(PAST | {State.ACTIVE}))
def test_wrong_state_is_a_calm_page_that_says_how_it_stands(
    visit: Visit, action: str, state: State
) -> None:
    asked = make_mentorship(state=state)
    owner = asked.mentee if action == "withdraw" else asked.mentor
    page = text(visit(owner).post(step_of(asked, action)), 409)
    assert "Nothing was changed" in page
    asked.refresh_from_db()
    assert asked.state == state
    assert not OutboxMail.objects.exists()
    if action != "accept":
        assert "Nothing was changed" in text(visit(owner).get(step_of(asked, action)), 409)


def test_partner_with_the_other_role_gets_404_for_an_action_not_theirs(visit: Visit) -> None:
    asked = make_mentorship()
    assert visit(asked.mentee).post(step_of(asked, "accept")).status_code == 404
    assert visit(asked.mentor).post(step_of(asked, "withdraw")).status_code == 404


@pytest.mark.parametrize("action", ["lapse", "send", "nonsense"])
def test_action_without_a_page_is_not_found(visit: Visit, action: str) -> None:
    asked = make_mentorship(state=State.ACTIVE)
    assert visit(asked.mentor).post(step_of(asked, action)).status_code == 404


def test_mentor_without_room_is_told_why_there_is_no_accept(visit: Visit) -> None:
    mentor = make_mentor(capacity=1)
    make_mentorship(mentor=mentor, state=State.ACTIVE)
    asked = make_mentorship(mentor=mentor)
    browser = visit(mentor)
    assert "as many mentees as you said" in text(browser.get(page_of(asked)))
    assert "as many mentees as you said" in text(browser.post(step_of(asked, "accept")), 422)


def test_pages_of_one_person_take_few_queries(visit: Visit) -> None:
    mentor = make_mentor()
    for _ in range(4):
        make_mentor()
    asked = make_mentorship(mentor=mentor, mentee=make_mentee(), state=State.DECLINED)
    open_one = make_mentorship(mentor=mentor)
    pages = [
        (asked.mentee, page_of(asked)),
        (asked.mentee, mentor_page(make_mentor())),
        (mentor, page_of(open_one)),
    ]
    for person, address in pages:
        browser = visit(person)
        browser.get(address)
        with CaptureQueriesContext(connection) as counted:
            text(browser.get(address))
        assert len(counted) <= 27, [query["sql"] for query in counted.captured_queries]
