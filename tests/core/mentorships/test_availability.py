"""Unavailable mentors, full mentors and those who wait for them (product B10, B11)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.services import block
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.models import OutboxMail
from core.matching.models import Listing
from core.mentorships import errors, queries, services
from core.mentorships.models import WaitingPlace
from core.mentorships.states import State
from core.mentorships.tasks import tell_waiting
from core.profiles.models import Profile
from core.profiles.services import set_availability
from core.profiles.tasks import welcome_back
from tests.core.mentorships.test_services import nothing_happened, send, set_policy
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db
Visit = Callable[[Person], Client]
BANNER = "You are currently unavailable to mentees"
PAGE = "/account/availability/"


def read(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


def terms(mentor: Person) -> Profile:
    return Profile.objects.get(person=mentor, role="mentor")


def to(person: Person) -> list[str]:
    mails = OutboxMail.objects.filter(to_address=person.email).order_by("created_at", "id")
    return list(mails.values_list("kind", flat=True))


def test_mentor_makes_themselves_unavailable_and_available_in_edit_account(visit: Visit) -> None:
    mentor = make_mentor()
    browser = visit(mentor)
    assert "Make Unavailable" in read(browser.get("/account/edit/"))
    assert BANNER not in read(browser.get("/account/edit/"))
    year = str(clock.now().year + 1)
    boxes = {"back_on_day": "9", "back_on_month": "3", "back_on_year": year}
    assert "You are unavailable now" in read(browser.post(PAGE, boxes, follow=True))
    for path in ("/account/edit/", "/profile/"):
        page = read(browser.get(path))
        assert BANNER in page
        assert f"until 9 March {year}" in page
    assert not Listing.objects.get(person=mentor).listed
    assert "available again" in read(browser.post(PAGE, {"available": "yes"}, follow=True))
    assert BANNER not in read(browser.get("/account/edit/"))
    assert Listing.objects.get(person=mentor).listed
    assert terms(mentor).back_on is None


def test_mentee_sees_neither_button_nor_page(visit: Visit) -> None:
    browser = visit(make_mentee())
    assert "Make Unavailable" not in read(browser.get("/account/edit/"))
    assert browser.get(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("boxes", "told"),
    [
        (("31", "2", "2030"), "real date"),
        (("1", "1", "2020"), "in the future"),
        (("1", "", "2030"), "must include a month"),
    ],
)
def test_day_of_return_has_to_be_a_day_to_come(
    visit: Visit, boxes: tuple[str, ...], told: str
) -> None:
    mentor = make_mentor()
    names = ("back_on_day", "back_on_month", "back_on_year")
    sent = dict(zip(names, boxes, strict=True))
    assert told in read(visit(mentor).post(PAGE, sent), 422)
    assert terms(mentor).available


def test_mentor_declines_all_who_wait_with_the_same_kind_words(visit: Visit) -> None:
    mentor = make_mentor(capacity=9)
    rows = [send(mentor=mentor, by=make_mentee()) for _ in range(2)]
    page = read(visit(mentor).get(PAGE))
    assert "What about those who wait" in page
    said = {"close": "close", "note": "I am off to sea."}
    assert "2 kindly declined" in read(visit(mentor).post(PAGE, said, follow=True))
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.reason, row.note) == ("declined", "away", "I am off to sea.")
        assert to(row.mentee) == ["request_declined"]


def test_mentor_keeps_those_who_wait_and_may_still_accept_them(visit: Visit) -> None:
    row = send(mentor=make_mentor(), by=make_mentee())
    read(visit(row.mentor).post(PAGE, {"close": "keep"}, follow=True))
    row.refresh_from_db()
    assert row.state == State.PROPOSED
    nothing_happened(lambda: send(mentor=row.mentor, by=make_mentee()), errors.MentorUnavailable)
    assert services.accept(row, by=row.mentor).is_active


def test_accepting_and_being_unavailable_is_one_button(visit: Visit) -> None:
    mentor = make_mentor(capacity=5)
    row, other = make_mentorship(mentor=mentor), make_mentorship(mentor=mentor)
    accept = reverse("mentorships:act", args=[row.pk, "accept"])
    page = read(visit(mentor).post(accept, {"then": "unavailable"}, follow=True))
    assert "Others still wait for your answer" in page
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state) == (State.ACTIVE, State.PROPOSED)
    assert not terms(mentor).available


def test_declining_because_full_and_being_unavailable_is_one_form(visit: Visit) -> None:
    row = make_mentorship()
    decline = reverse("mentorships:act", args=[row.pk, "decline"])
    visit(row.mentor).post(decline, {"reason": "full", "unavailable": "on"})
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.DECLINED, "full")
    assert not terms(row.mentor).available
    mail = OutboxMail.objects.get(kind="request_declined")
    assert "as many mentees as I can take" in mail.text


def test_mentor_is_back_on_the_day_they_named_and_told_once() -> None:
    mentor = make_mentor()
    start = datetime(2027, 3, 27, 12, tzinfo=UTC)
    with clock.frozen(start):
        services.make_unavailable(mentor, back_on=date(2027, 3, 29), by=mentor)
        assert welcome_back() == 0
    with clock.frozen(start + timedelta(days=1, hours=10.5)):
        assert welcome_back() == 0
    with clock.frozen(start + timedelta(days=1, hours=11.5)):  # midnight in London, summer time
        assert welcome_back() == 1
        assert welcome_back() == 0
    assert terms(mentor).available
    assert to(mentor) == ["available_again"]
    assert Listing.objects.get(person=mentor).listed


def test_periodic_tasks_are_rung_by_beat() -> None:
    assert {welcome_back.name, tell_waiting.name} <= set(settings.EACH_INSTITUTE)


def test_somebody_without_a_mentors_profile_cannot_be_unavailable() -> None:
    mentee = make_mentee()
    with pytest.raises(RuleBroken):
        set_availability(mentee, available=False, by=mentee)


def test_full_mentor_is_waited_for_where_the_institute_shows_them(visit: Visit) -> None:
    set_policy(full_mentors="shown")
    mentor, mentee = make_mentor(capacity=1), make_mentee()
    active = make_mentorship(mentor=mentor, state=State.ACTIVE)
    browser, page = visit(mentee), reverse("mentorships:mentor", args=[mentor.pk])
    assert "Join the waiting list" in read(browser.get(page))
    wait = reverse("mentorships:waiting", args=[mentor.pk])
    assert "has a free place" in read(browser.post(wait, follow=True))
    browser.post(wait)
    assert WaitingPlace.objects.count() == 1
    assert "Leave the waiting list" in read(browser.get(page))
    services.end(active, by=mentor)
    assert to(mentee) == ["place_free"]
    send(mentor=mentor, by=mentee)
    assert not WaitingPlace.objects.exists()


def test_waiting_list_is_left_again(visit: Visit) -> None:
    set_policy(full_mentors="shown")
    mentor, mentee = make_mentor(capacity=1), make_mentee()
    active = make_mentorship(mentor=mentor, state=State.ACTIVE)
    services.join_waiting_list(mentor, by=mentee)
    wait = reverse("mentorships:waiting", args=[mentor.pk])
    assert "no longer wait" in read(visit(mentee).post(wait, {"leave": "yes"}, follow=True))
    services.end(active, by=mentor)
    assert to(mentee) == []


def test_free_place_is_told_to_the_first_who_waits_and_later_to_the_next() -> None:
    set_policy(full_mentors="shown")
    mentor, first, second = make_mentor(capacity=1), make_mentee(), make_mentee()
    active = make_mentorship(mentor=mentor, state=State.ACTIVE)
    for mentee in (first, second):
        services.join_waiting_list(mentor, by=mentee)
    at = clock.now()
    services.end(active, by=mentor)
    assert (to(first), to(second)) == (["place_free"], [])
    with clock.frozen(at + timedelta(days=2)):
        tell_waiting()
    assert to(second) == []
    with clock.frozen(at + timedelta(days=4)):
        tell_waiting()
        tell_waiting()
    assert (to(first), to(second)) == (["place_free"], ["place_free"])


def test_nobody_is_told_of_a_place_while_the_mentor_is_unavailable() -> None:
    set_policy(full_mentors="shown")
    mentor, mentee = make_mentor(capacity=1), make_mentee()
    active = make_mentorship(mentor=mentor, state=State.ACTIVE)
    services.join_waiting_list(mentor, by=mentee)
    services.make_unavailable(mentor, by=mentor)
    services.end(active, by=mentor)
    assert to(mentee) == []
    services.make_available(mentor, by=mentor)
    assert to(mentee) == ["place_free"]


def test_raising_the_number_of_mentees_frees_a_place_for_who_waits() -> None:
    set_policy(full_mentors="shown")
    mentor, mentee = make_mentor(capacity=1), make_mentee()
    make_mentorship(mentor=mentor, state=State.ACTIVE)
    services.join_waiting_list(mentor, by=mentee)
    profile = terms(mentor)
    profile.capacity = 2
    profile.save()
    assert to(mentee) == ["place_free"]


@pytest.mark.parametrize("policy", ["hidden", "shown"])
def test_there_is_nothing_to_wait_for_where_there_is_no_list(policy: str) -> None:
    set_policy(full_mentors=policy)
    mentor, mentee = make_mentor(capacity=1), make_mentee()
    if policy == "hidden":
        make_mentorship(mentor=mentor, state=State.ACTIVE)
    with pytest.raises(errors.NotThisWay):
        services.join_waiting_list(mentor, by=mentee)
    block(mentee, by=mentor)
    with pytest.raises(errors.NotTheirs):
        services.join_waiting_list(mentor, by=mentee)
    assert not queries.waits_for(mentee, mentor)
