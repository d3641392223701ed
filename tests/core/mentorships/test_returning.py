"""Going on after an end, asked by the mentor; and the programme team taking two apart."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.services import block
from core.kernel import clock
from core.kernel.models import OutboxMail
from core.mentorships import errors, queries, services
from core.mentorships.models import Mentorship
from core.mentorships.states import Action, State
from tenants.models import Institute
from tests.core.mentorships.test_services import set_policy
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_person

pytestmark = pytest.mark.django_db
Visit = Callable[[Person], Client]


def at(row: Mentorship, action: str) -> str:
    return reverse("mentorships:act", args=[row.pk, action])


def read(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


def ended() -> Mentorship:
    row = make_mentorship(state=State.ACTIVE)
    return services.end(row, by=row.mentee)


def mails(kind: str) -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(kind=kind))


def test_mentor_asks_to_go_on_and_nothing_opens_before_the_mentee_says_yes(visit: Visit) -> None:
    row = ended()
    mentor, mentee = visit(row.mentor), visit(row.mentee)
    assert "to go on" in read(mentor.get(row.get_absolute_url()))
    asked = mentor.post(at(row, "invite_back"), {"note": "I miss our talks."}, follow=True)
    assert "has been asked" in read(asked)
    (mail,) = mails("invited_back")
    assert "I miss our talks." in mail.text
    page = read(mentee.get(row.get_absolute_url()))
    assert "asks you to go on" in page
    assert row.mentor.email not in page
    assert "I miss our talks." in page
    page = read(mentee.post(at(row, "go_on"), follow=True))
    assert row.mentor.email in page
    row.refresh_from_db()
    assert (row.state, row.invited_back_at) == (State.ACTIVE, None)
    assert [one.to_address for one in mails("relationship_resumed")] == [row.mentor.email]


def test_a_second_click_on_yes_is_no_second_yes(visit: Visit) -> None:
    row = ended()
    services.invite_back(row, by=row.mentor)
    mentee = visit(row.mentee)
    mentee.post(at(row, "go_on"))
    read(mentee.post(at(row, "go_on"), follow=True))
    assert len(mails("relationship_resumed")) == 1
    assert row.steps.filter(action=Action.GO_ON).count() == 1


def test_mentee_cannot_go_on_without_being_asked() -> None:
    row = ended()
    with pytest.raises(errors.NotThisWay):
        services.go_on(row, by=row.mentee)
    assert Action.GO_ON not in services.available_actions(row.mentee, row)
    assert Action.REOPEN in services.available_actions(row.mentee, row)


def test_invitation_waits_as_long_as_an_ask_and_can_then_be_made_again() -> None:
    row = ended()
    services.invite_back(row, by=row.mentor)
    row.refresh_from_db()
    with pytest.raises(errors.NotThisWay):
        services.invite_back(row, by=row.mentor)
    with clock.frozen(clock.now() + timedelta(days=22)):
        assert not queries.is_invited_back(row)
        with pytest.raises(errors.NotThisWay):
            services.go_on(row, by=row.mentee)
        services.invite_back(row, by=row.mentor)


def test_neither_way_back_when_the_place_is_taken_or_one_has_blocked_the_other() -> None:
    mentor = make_mentor(capacity=1)
    row = make_mentorship(mentor=mentor, state=State.ACTIVE)
    services.end(row, by=mentor)
    services.invite_back(row, by=mentor)
    other = make_mentorship(mentor=mentor, state=State.PROPOSED)
    services.accept(other, by=mentor)
    with pytest.raises(errors.MentorFull):
        services.go_on(row, by=row.mentee)
    services.end(other, by=mentor)
    block(row.mentee, by=mentor)
    with pytest.raises(errors.MentorUnavailable, match="not available at present"):
        services.go_on(row, by=row.mentee)
    with pytest.raises(errors.AccountNotInUse):
        services.invite_back(row, by=mentor)


def test_dashboard_names_the_waiting_lists_and_lets_go_of_them(visit: Visit) -> None:
    set_policy(full_mentors="shown")
    mentor, mentee = make_mentor(capacity=1), make_mentee()
    make_mentorship(mentor=mentor, state=State.ACTIVE)
    services.join_waiting_list(mentor, by=mentee)
    browser = visit(mentee)
    page = read(browser.get(reverse("mentorships:dashboard")))
    assert "You are waiting for a place" in page
    assert mentor.full_name in page
    wait = reverse("mentorships:waiting", args=[mentor.pk])
    page = read(browser.post(wait, {"leave": "dashboard"}, follow=True))
    assert "You no longer wait" in page
    assert "You are waiting for a place" not in page


@pytest.fixture
def team(member_client: Any, ciltuk: Institute) -> Client:
    """A browser of somebody on the programme team."""
    browser: Client = member_client(ciltuk, make_person(is_staff=True))
    return browser


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (State.ACTIVE, State.ENDED, "relationship_ended"),
        (State.PROPOSED, State.WITHDRAWN, "request_withdrawn"),
    ],
)
def test_team_steps_in_and_both_are_told_without_the_reason(
    team: Client, before: State, after: State, kind: str
) -> None:
    row = make_mentorship(state=before)
    way = reverse("staff:step_in", args=[row.pk])
    assert way in read(team.get(reverse("staff:mentorships_mentorship_change", args=[row.pk])))
    assert "Say why" in read(team.post(way, {"reason": ""}), 422)
    read(team.post(way, {"reason": "A complaint of hers."}, follow=True))
    row.refresh_from_db()
    assert row.state == after
    told = mails(kind)
    assert {one.to_address for one in told} == {row.mentor.email, row.mentee.email}
    assert not any("complaint" in one.text + one.html for one in told)
    last = row.steps.last()
    assert last is not None
    assert last.staff_note == "A complaint of hers."


def test_team_finds_nothing_to_end_in_what_is_over(team: Client) -> None:
    row = make_mentorship(state=State.DECLINED)
    way = reverse("staff:step_in", args=[row.pk])
    assert "nothing here that the team could end" in read(team.get(way))
    read(team.post(way, {"reason": "Late."}))
    row.refresh_from_db()
    assert row.state == State.DECLINED


def test_mentor_of_a_withdrawn_ask_can_still_report(visit: Visit) -> None:
    row = make_mentorship(state=State.PROPOSED)
    services.withdraw(row, by=row.mentee)
    page = read(visit(row.mentor).get(row.get_absolute_url()))
    report = reverse("messaging:report", args=[row.mentee_id])
    assert f"{report}?kind=step_in" in page
    form = read(visit(row.mentor).get(f"{report}?kind=step_in"))
    assert 'value="step_in"' in form
    assert "checked" in form
