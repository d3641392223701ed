"""What the programme team sees of mentorships, and that it can only look."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.kernel.clock import now
from core.mentorships import services
from core.mentorships.states import State
from tenants.models import Institute
from tests.factories.mentorships import make_mentor, make_mentorship, make_person

pytestmark = pytest.mark.django_db

LIST = "staff:mentorships_mentorship_changelist"


@pytest.fixture
def staff(member_client: Any, ciltuk: Institute) -> Client:
    """A browser of somebody on the programme team."""
    browser: Client = member_client(ciltuk, make_person(is_staff=True))
    return browser


def change(mentorship: Any) -> str:
    return reverse("staff:mentorships_mentorship_change", args=[mentorship.pk])


def test_staff_list_mentorships_and_filter_them_by_state(staff: Client) -> None:
    active = make_mentorship(state=State.ACTIVE)
    declined = make_mentorship(state=State.DECLINED)
    everything = staff.get(reverse(LIST)).content.decode()
    assert change(active) in everything
    assert change(declined) in everything
    some = staff.get(reverse(LIST), {"state__exact": "declined"}).content.decode()
    assert change(declined) in some
    assert change(active) not in some


def test_staff_find_silent_mentors_and_what_waits_for_whom(staff: Client) -> None:
    at = now()
    silent = make_mentorship(waiting_since=at - timedelta(days=9))
    fresh = make_mentorship(waiting_since=at)
    paused = make_mentorship(waiting_since=at - timedelta(days=9), paused_at=at)
    asked = make_mentorship(state=State.CHANGES_ASKED)
    active = make_mentorship(state=State.ACTIVE)
    marked = make_mentorship(state=State.ACTIVE, mentee_done_at=at)
    over = make_mentorship(state=State.ENDED)
    rows = {silent, fresh, paused, asked, active, marked, over}
    for query, expected in {
        "silent=7": {silent},
        "silent=3": {silent},
        "silent=nonsense": rows,
        "standing=mentor": {silent, fresh},
        "standing=mentee": {paused, asked},
        "standing=unanswered": {silent, fresh, paused, asked},
        "standing=open": rows - {over},
        "standing=marked": {marked},
        "standing=past": {over},
        "by_team__exact=1": set(),
    }.items():
        page = staff.get(f"{reverse(LIST)}?{query}", follow=True).content.decode()
        assert {row for row in rows if change(row) in page} == expected, query


def test_reader_sees_the_history_and_no_way_to_step_in(member_client: Any, ciltuk: Any) -> None:
    asked = make_mentorship()
    reader = member_client(ciltuk, make_person(is_staff=True, staff_role="reader"))
    page = reader.get(change(asked)).content.decode()
    assert asked.mentor.full_name in page
    assert reverse("staff:step_in", args=[asked.pk]) not in page


def test_staff_find_a_mentorship_by_either_name(staff: Client) -> None:
    wanted = make_mentorship(mentor=make_mentor("Wren Alder"))
    other = make_mentorship()
    found = staff.get(reverse(LIST), {"q": "alder"}).content.decode()
    assert change(wanted) in found
    assert change(other) not in found


def test_staff_read_the_history_and_find_nothing_to_edit(staff: Client) -> None:
    asked = make_mentorship()
    services.accept(asked, by=asked.mentor)
    page = staff.get(change(asked)).content.decode()
    assert asked.mentee.full_name in page
    assert f"{asked.mentor.full_name} accepted" in page
    assert f"{asked.mentee.full_name} sent this" in page
    assert reverse("staff:step_in", args=[asked.pk]) in page
    assert not re.findall(r'<(?:select|textarea)[^>]+name="(?:state|statement|steps-)', page)


def test_staff_cannot_change_add_or_delete(staff: Client) -> None:
    asked = make_mentorship()
    assert staff.post(change(asked), {"state": "active"}).status_code == 403
    delete = reverse("staff:mentorships_mentorship_delete", args=[asked.pk])
    assert staff.post(delete, {"post": "yes"}).status_code == 403
    assert staff.get(reverse("staff:mentorships_mentorship_add")).status_code == 403
    asked.refresh_from_db()
    assert asked.state == State.PROPOSED


def test_members_find_no_staff_page(member_client: Any, ciltuk: Institute) -> None:
    asked = make_mentorship()
    browser = member_client(ciltuk, asked.mentor)
    assert browser.get(reverse(LIST)).status_code == 404
    assert browser.get(change(asked)).status_code == 404
