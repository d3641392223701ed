"""The steps as people take them in a browser: what they read, press and are told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.models import OutboxMail
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from tests.core.mentorships.test_services import send, set_policy
from tests.factories.mentorships import STATEMENT, make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db
Visit = Callable[[Person], Client]


def at(row: Mentorship, action: str) -> str:
    return reverse("mentorships:act", args=[row.pk, action])


def read(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


def test_edit_and_its_traces_on_both_pages(visit: Visit) -> None:
    row = send(mentor=make_mentor(), by=make_mentee())
    mentee = visit(row.mentee)
    form = read(mentee.get(at(row, "edit")))
    assert STATEMENT[:30] in form
    assert '<form method="post" class="form" novalidate>' in form  # sent to its own address
    assert "Write a little more" in read(
        mentee.post(at(row, "edit"), {"area": row.area, "statement": "No."}), 422
    )
    words = {"area": row.area, "statement": STATEMENT.replace("small", "large")}
    assert "is told, and sees what changed" in read(
        mentee.post(at(row, "edit"), words, follow=True)
    )
    assert "Nothing was changed" in read(mentee.post(at(row, "edit"), words, follow=True))
    page = read(visit(row.mentor).get(row.get_absolute_url()))
    assert "<del>small</del>" in page
    assert "<ins>large</ins>" in page
    assert OutboxMail.objects.filter(kind="request_edited").count() == 1


def test_asking_for_changes_and_the_new_version(visit: Visit) -> None:
    set_policy(negotiation="ask_for_changes")
    row = send(mentor=make_mentor(), by=make_mentee())
    mentor, mentee = visit(row.mentor), visit(row.mentee)
    assert "Ask for changes" in read(mentor.get(row.get_absolute_url()))
    assert "Say what you would like" in read(mentor.post(at(row, "ask_changes"), {}), 422)
    wish = {"note": "How often shall we meet?"}
    assert "has your words" in read(mentor.post(at(row, "ask_changes"), wish, follow=True))
    assert "asks for changes before they answer" in read(mentee.get("/relationships/"))
    assert "How often shall we meet?" in read(mentee.get(row.get_absolute_url()))
    assert "How often shall we meet?" in read(mentee.get(at(row, "revise")))
    new = {"area": row.area, "statement": f"{STATEMENT} Once a month."}
    assert "is on its way" in read(mentee.post(at(row, "revise"), new, follow=True))
    assert "Once a month." in read(mentor.get(row.get_absolute_url()))


def test_double_click_takes_a_step_once_and_shows_it_as_done(visit: Visit) -> None:
    row = make_mentorship()
    mentor = visit(row.mentor)
    first = mentor.post(at(row, "accept"))
    second = mentor.post(at(row, "accept"))
    assert first.status_code == second.status_code == 302
    assert row.steps.filter(action="accept").count() == 1
    assert OutboxMail.objects.filter(kind="request_accepted").count() == 1


def test_mentee_reopens_in_other_words(visit: Visit) -> None:
    row = send(mentor=make_mentor(), by=make_mentee())
    mentee = visit(row.mentee)
    mentee.post(at(row, "withdraw"), {"reason": "Too soon."})
    assert "Reopen" in read(mentee.get(row.get_absolute_url()))
    new = {"area": row.area, "statement": f"{STATEMENT} Now I am ready."}
    assert "is asked to answer" in read(mentee.post(at(row, "reopen"), new, follow=True))
    row.refresh_from_db()
    assert (row.state, row.statement[-10:]) == (State.PROPOSED, "am ready.".rjust(10))
    assert "Too soon." not in read(visit(row.mentor).get(row.get_absolute_url()))


def test_mentor_reopens_what_they_declined(visit: Visit) -> None:
    row = make_mentorship(state=State.DECLINED)
    mentor = visit(row.mentor)
    assert "thought again" in read(mentor.get(at(row, "reopen")))
    assert "Now answer it" in read(mentor.post(at(row, "reopen"), follow=True))


def test_relationship_is_ended_and_contact_details_are_gone_from_both_pages(visit: Visit) -> None:
    row = make_mentorship(state=State.ACTIVE)
    mentee = visit(row.mentee)
    assert row.mentor.email in read(mentee.get(row.get_absolute_url()))
    assert "does not." in read(mentee.get(at(row, "end")))
    done = read(mentee.post(at(row, "end"), {"reason": "Moved away."}, follow=True))
    assert "has been told" in done
    assert row.mentor.email not in done
    page = read(visit(row.mentor).get(row.get_absolute_url()))
    assert row.mentee.email not in page
    assert "Moved away." not in page
    assert "go on" in read(mentee.get(at(row, "reopen")))


@pytest.mark.parametrize("policy", ["each", "either", "mentor_when_asked", "mentor"])
def test_journey_is_completed_the_way_the_institute_wants_it(visit: Visit, policy: str) -> None:
    set_policy(who_completes=policy)
    row = make_mentorship(state=State.ACTIVE)
    mentor, mentee = visit(row.mentor), visit(row.mentee)
    if policy in ("each", "mentor_when_asked"):
        assert "complete the journey" in read(mentee.get(at(row, "mark_done"), follow=True)).lower()
        assert "has been told" in read(mentee.post(at(row, "mark_done"), follow=True))
        assert "marked the journey as complete" in read(mentor.get("/relationships/"))
    assert "Ending well" in read(mentor.get(at(row, "complete"), follow=True))
    assert "is complete. Well done" in read(mentor.post(at(row, "complete"), follow=True))


def test_block_is_reached_from_the_relationship(visit: Visit) -> None:
    row = make_mentorship(state=State.ACTIVE)
    mentee = visit(row.mentee)
    assert reverse("accounts:block", args=[row.mentor_id]) in read(
        mentee.get(row.get_absolute_url())
    )
    mentee.post(reverse("accounts:block", args=[row.mentor_id]))
    assert mentee.get(reverse("mentorships:mentor", args=[row.mentor_id])).status_code == 404
