"""Meetings on the cards of the dashboard, and the lists of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Programme
from tests.core.meetings.conftest import NOON, Visit
from tests.factories.meetings import make_meeting
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db
DASHBOARD = "mentorships:dashboard"


def dashboard(visit: Visit, person: Any) -> str:
    return visit(person).get(reverse(DASHBOARD)).content.decode()


def test_card_leads_from_the_first_meeting_to_the_next(visit: Visit, pair: Mentorship) -> None:
    assert "Arrange your first meeting with Mara." in dashboard(visit, pair.mentee)
    assert "Noor has been asked to arrange your first meeting." in dashboard(visit, pair.mentor)
    meeting = make_meeting(pair)
    assert "Next meeting on Thursday 5 March 2026, 07:00 to 08:00." in dashboard(visit, pair.mentee)
    assert "Next meeting on Thursday 5 March 2026, 12:00 to 13:00." in dashboard(visit, pair.mentor)
    type(meeting).objects.update(
        starts_at=NOON - timedelta(days=1), ends_at=NOON - timedelta(hours=23)
    )
    assert "You have met. Is “First conversation” completed?" in dashboard(visit, pair.mentee)


def test_meetings_are_reached_by_the_institute_s_way(visit: Visit, pair: Mentorship) -> None:
    address = reverse("meetings:with", args=[pair.pk])
    programme = Programme.objects.get()
    for meet, label in (("button", "Meet / Video"), ("tools", ">Meetings<")):
        tools = {"label": "Tools", "items": ["meetings"]}
        programme.menus_data = {**programme.menus_data, "tools": tools, "meet": meet}
        programme.save()
        cache.clear()
        page = dashboard(visit, pair.mentee)
        assert page.count(f'href="{address}"') == 1
        assert label in page


def test_nobody_is_led_to_meetings_before_a_yes(visit: Visit) -> None:
    pair = make_mentorship(state=State.PROPOSED)
    assert reverse("meetings:with", args=[pair.pk]) not in dashboard(visit, pair.mentee)


def test_lists_show_what_is_mine_coming_first(visit: Visit, pair: Mentorship) -> None:
    make_meeting(pair, title="To come")
    make_meeting(pair, title="Long ago", at=NOON - timedelta(days=30))
    other = make_mentorship(mentee=pair.mentee, mentor=make_mentor(), state=State.ACTIVE)
    make_meeting(other, title="With somebody else")
    make_meeting(make_mentorship(state=State.ACTIVE), title="Not mine")
    browser = visit(pair.mentee)
    with_one = browser.get(reverse("meetings:with", args=[pair.pk])).content.decode()
    assert with_one.index("To come") < with_one.index("Long ago")
    assert "With somebody else" not in with_one
    everything = browser.get(reverse("meetings:list")).content.decode()
    assert "With somebody else" in everything
    assert "Not mine" not in everything


def test_pages_cost_the_same_however_many_meetings(visit: Visit, pair: Mentorship) -> None:
    def cost(path: str) -> int:
        browser = visit(pair.mentor)
        browser.get(path)
        with CaptureQueriesContext(connection) as counted:
            browser.get(path)
        return len(counted)

    paths = [
        reverse(DASHBOARD),
        reverse("meetings:list"),
        reverse("meetings:with", args=[pair.pk]),
        make_meeting(pair).get_absolute_url(),
    ]
    make_meeting(pair, at=NOON - timedelta(days=2))
    before = [cost(path) for path in paths]
    for number in range(1, 5):
        more = make_mentorship(mentor=pair.mentor, mentee=make_mentee(), state=State.ACTIVE)
        for one in (pair, more):
            make_meeting(one, at=NOON + timedelta(days=number))
            make_meeting(one, at=NOON - timedelta(days=number))
    assert [cost(path) for path in paths] == before
