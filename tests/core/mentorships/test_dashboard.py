"""The relationships dashboard: my people, what waits for me, and what is past."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.mentorships.states import OPEN, PAST, State
from tests.core.mentorships.conftest import Visit
from tests.core.mentorships.test_pages import page_of, text
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_profile

pytestmark = pytest.mark.django_db


def test_empty_dashboard_says_what_to_do(visit: Visit) -> None:
    assert reverse("matching:search") in text(visit(make_mentee()).get("/relationships/"))
    assert reverse("profiles:edit") in text(visit(make_mentor()).get("/relationships/"))


def test_what_waits_for_the_mentor_stands_on_top(visit: Visit) -> None:
    mentor = make_mentor(capacity=5)
    waiting = make_mentorship(mentor=mentor)
    active = make_mentorship(mentor=mentor, state=State.ACTIVE)
    page = text(visit(mentor).get("/relationships/"))
    assert "One thing is waiting for you" in page
    assert page.index(page_of(waiting)) < page.index(page_of(active))


def test_past_and_declined_ones_stay_reachable(visit: Visit) -> None:
    mentee = make_mentee()
    past = [make_mentorship(mentee=mentee, state=state) for state in sorted(PAST)]
    page = text(visit(mentee).get("/relationships/"))
    assert all(page_of(one) in page for one in past)


def test_many_past_ones_come_in_pages(visit: Visit) -> None:
    mentee = make_mentee()
    past = [make_mentorship(mentee=mentee, state=State.DECLINED) for _ in range(12)]
    browser = visit(mentee)
    pages = text(browser.get("/relationships/")) + text(browser.get("/relationships/?page=2"))
    assert all(page_of(one) in pages for one in past)
    assert browser.get("/relationships/?page=nonsense").status_code == 200


def test_dashboard_shows_the_role_in_force_and_points_to_the_other(visit: Visit) -> None:
    both = make_mentor(is_mentee=True)
    make_profile(both, "mentee")
    as_mentor = make_mentorship(mentor=both)
    as_mentee = make_mentorship(mentee=both)
    browser = visit(both)
    browser.post(reverse("accounts:role"), {"role": "mentee"})
    page = text(browser.get("/relationships/"))
    assert page_of(as_mentee) in page
    assert page_of(as_mentor) not in page
    assert "1 thing waits" in page
    browser.post(reverse("accounts:role"), {"role": "mentor"})
    page = text(browser.get("/relationships/"))
    assert page_of(as_mentor) in page
    assert page_of(as_mentee) not in page


def test_menus_lead_nowhere_that_is_not_there(visit: Visit) -> None:
    mentee = make_mentee()
    for state in sorted(OPEN):
        make_mentorship(mentee=mentee, state=state)
    browser = visit(mentee)
    page = text(browser.get("/relationships/"))
    for address in set(re.findall(r'href="(/relationships/[^"]+)"', page)):
        assert browser.get(address).status_code == 200


def test_queries_of_the_dashboard_do_not_grow_with_the_rows(visit: Visit) -> None:
    few, many = make_mentor(capacity=50), make_mentor(capacity=50)
    for mentor, rows in ((few, 1), (many, 9)):
        for state in (State.PROPOSED, State.ACTIVE, State.DECLINED):
            for _ in range(rows):
                make_mentorship(mentor=mentor, state=state)
    counts = []
    for mentor in (few, many):
        browser = visit(mentor)
        browser.get("/relationships/")
        with CaptureQueriesContext(connection) as counted:
            browser.get("/relationships/")
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
