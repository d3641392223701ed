"""Arranging, changing and cancelling, as the two partners do it in their browsers."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from core.kernel import clock
from core.kernel.models import AuditEntry, OutboxMail
from core.meetings import errors, services
from core.meetings.models import Meeting
from core.mentorships import services as of_mentorships
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from tests.core.meetings.conftest import NOON, Visit
from tests.factories.meetings import filled_in, make_meeting, plan
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db


def new_page(pair: Mentorship) -> str:
    return reverse("meetings:new", args=[pair.pk])


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_mentee_arranges_a_meeting_in_her_own_time(visit: Visit, pair: Mentorship) -> None:
    browser = visit(pair.mentee)
    page = text(browser.get(new_page(pair)))
    assert "For example 9 3 2026." in page
    assert "Your time, America/New York." in page
    assert "Europe/London" in page
    answer = browser.post(new_page(pair), filled_in(place="Telephone", is_video="on"), follow=True)
    meeting = Meeting.objects.get()
    assert meeting.starts_at == datetime(2026, 3, 5, 19, 30, tzinfo=UTC)
    assert (meeting.time_zone, meeting.is_video) == ("America/New_York", True)
    assert "Thursday 5 March 2026, 14:30 to 15:30" in text(answer)
    assert "Thursday 5 March 2026, 19:30 to 20:30" in text(visit(pair.mentor).get(meeting_page()))
    assert AuditEntry.objects.filter(verb="meeting arranged").count() == 1


def meeting_page() -> str:
    return Meeting.objects.get().get_absolute_url()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"day_day": "31", "day_month": "2"}, "There is no 31 February 2026."),
        ({"day_month": "2"}, "That is in the past."),
        ({"day_year": "2029"}, "more than two years away"),
        ({"minutes": "100000"}, "480 minutes (8 hours) at most"),
        ({"minutes": "1"}, "at least 5 minutes"),
        ({"starts": "half past"}, "Enter a time such as 14:30."),
        ({"title": " "}, "Give the meeting a title."),
        ({"title": "\x00\x07"}, "Title"),
        ({"details": "x" * 4001}, "4000 characters or fewer"),
        ({"day_day": "8", "starts": "02:30"}, "the clocks go forward"),
        ({"day_day": "1", "day_month": "11", "starts": "01:30"}, "the clocks go back"),
    ],
)
def test_what_cannot_be_is_refused_with_a_clear_message(
    visit: Visit, pair: Mentorship, fields: dict[str, str], says: str
) -> None:
    answer = visit(pair.mentee).post(new_page(pair), filled_in(**fields))
    assert answer.status_code == 422
    assert says in text(answer)
    assert not Meeting.objects.exists()
    assert not OutboxMail.objects.exists()


def test_meeting_that_ends_after_midnight_is_made_and_said_so(
    visit: Visit, pair: Mentorship
) -> None:
    answer = visit(pair.mentee).post(new_page(pair), filled_in(starts="23:30"), follow=True)
    assert "23:30 to 00:30 on Friday 6 March. It ends after midnight." in text(answer)


def test_double_click_makes_one_meeting_and_one_mail(visit: Visit, pair: Mentorship) -> None:
    browser, form = visit(pair.mentee), filled_in(form_key=str(uuid4()))
    first, second = browser.post(new_page(pair), form), browser.post(new_page(pair), form)
    assert first.headers["Location"] == second.headers["Location"] == meeting_page()
    assert OutboxMail.objects.count() == 1


def test_nobody_is_told_when_details_are_not_to_be_sent(visit: Visit, pair: Mentorship) -> None:
    form = filled_in()
    del form["send"]
    visit(pair.mentee).post(new_page(pair), form)
    assert Meeting.objects.count() == 1
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("state", [one for one in State if one is not State.ACTIVE])
def test_meetings_are_for_those_who_work_together(visit: Visit, state: State) -> None:
    pair = make_mentorship(state=state)
    browser = visit(pair.mentee)
    assert browser.get(new_page(pair)).status_code == 409
    assert browser.post(new_page(pair), filled_in()).status_code == 409
    assert not Meeting.objects.exists()
    with pytest.raises(errors.NotWorkingTogether):
        services.arrange(pair, by=pair.mentee, plan=plan(), send=True)


def test_stranger_finds_no_such_page(visit: Visit, pair: Mentorship) -> None:
    meeting = make_meeting(pair)
    strangers = [make_mentee(), make_mentor(is_staff=True, is_superuser=True)]
    names = ("detail", "edit", "cancel", "file")
    pages = [reverse(f"meetings:{name}", args=[meeting.pk]) for name in names]
    pages += [reverse("meetings:with", args=[pair.pk]), new_page(pair)]
    for stranger in strangers:
        browser = visit(stranger)
        assert {browser.get(page).status_code for page in pages} == {404}
        assert {browser.post(page, filled_in()).status_code for page in pages[:3]} == {404}
        with pytest.raises(errors.NotTheirs):
            services.cancel(meeting, by=stranger)
    meeting.refresh_from_db()
    assert not meeting.is_cancelled


def test_partner_moves_the_meeting_and_both_calendars_hear(visit: Visit, pair: Mentorship) -> None:
    meeting = services.arrange(pair, by=pair.mentee, plan=plan(), send=True)
    page = reverse("meetings:edit", args=[meeting.pk])
    browser = visit(pair.mentor)
    assert 'value="12:00"' in text(browser.get(page))  # London; New York would say 07:00
    answer = browser.post(page, filled_in(starts="15:00", seen="0"), follow=True)
    assert "Saved: Thursday 5 March 2026, 15:00 to 16:00." in text(answer)
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.starts_at.hour) == (1, 15)
    mails = OutboxMail.objects.filter(kind="meeting_changed")
    assert {mail.to_address for mail in mails} == {pair.mentee.email, pair.mentor.email}
    to_mentee = mails.get(to_address=pair.mentee.email)
    assert "10:00 to 11:00, your time (America/New York)" in to_mentee.text
    assert "Before: Thursday 5 March 2026, 07:00 to 08:00" in to_mentee.text


def test_nothing_changed_tells_nobody(visit: Visit, pair: Mentorship) -> None:
    meeting = services.arrange(pair, by=pair.mentor, plan=plan(), send=True)
    form = filled_in(starts="12:00", seen="0")
    answer = visit(pair.mentor).post(reverse("meetings:edit", args=[meeting.pk]), form, follow=True)
    assert "Nothing was changed" in text(answer)
    assert OutboxMail.objects.filter(kind="meeting_changed").count() == 0


def test_second_tab_does_not_overwrite_what_it_has_not_seen(visit: Visit, pair: Mentorship) -> None:
    meeting = services.arrange(pair, by=pair.mentor, plan=plan(), send=True)
    page = reverse("meetings:edit", args=[meeting.pk])
    browser = visit(pair.mentor)
    browser.post(page, filled_in(starts="15:00", seen="0"))
    answer = browser.post(page, filled_in(starts="17:00", seen="0"))
    assert "changed while you were writing" in text(answer)
    meeting.refresh_from_db()
    assert meeting.starts_at.hour == 15


def test_meeting_is_cancelled_once_and_stays_to_be_seen(visit: Visit, pair: Mentorship) -> None:
    meeting = services.arrange(pair, by=pair.mentee, plan=plan(), send=True)
    page = reverse("meetings:cancel", args=[meeting.pk])
    browser = visit(pair.mentee)
    assert "takes it out of their calendar" in text(browser.get(page))
    for _ in range(2):
        assert "The meeting is cancelled." in text(browser.post(page, follow=True))
    meeting.refresh_from_db()
    assert (meeting.is_cancelled, meeting.sequence) == (True, 1)
    assert OutboxMail.objects.filter(kind="meeting_cancelled").count() == 1
    listed = text(browser.get(reverse("meetings:with", args=[pair.pk])))
    assert "Past and cancelled" in listed
    assert browser.get(reverse("meetings:edit", args=[meeting.pk])).status_code == 409


def test_meeting_that_is_over_can_neither_be_changed_nor_cancelled(
    visit: Visit, pair: Mentorship
) -> None:
    meeting = make_meeting(pair, at=NOON - timedelta(days=1))
    for name in ("edit", "cancel"):
        page = reverse(f"meetings:{name}", args=[meeting.pk])
        answer = visit(pair.mentee).post(page, filled_in())
        assert "This meeting is over." in text(answer)


def test_end_of_the_relationship_calls_off_what_was_to_come(pair: Mentorship) -> None:
    coming = services.arrange(pair, by=pair.mentor, plan=plan(), send=True)
    past = make_meeting(pair, at=NOON - timedelta(days=9))
    of_mentorships.end(pair, reason="", by=pair.mentor)
    for meeting in (coming, past):
        meeting.refresh_from_db()
    assert (coming.is_cancelled, past.is_cancelled) == (True, False)
    told = OutboxMail.objects.get(kind="meeting_cancelled")
    assert told.to_address == pair.mentee.email
    assert pair.mentor.email not in told.text + told.html


def test_both_are_reminded_once_the_day_before(pair: Mentorship) -> None:
    services.arrange(pair, by=pair.mentor, plan=plan(), send=False)
    assert services.remind() == 0
    with clock.frozen(NOON + timedelta(days=2, minutes=5)):
        assert (services.remind(), services.remind()) == (1, 0)
    mails = OutboxMail.objects.filter(kind="meeting_reminder")
    assert {mail.to_address for mail in mails} == {pair.mentee.email, pair.mentor.email}
    assert all(mail.attachments == [] for mail in mails)


def test_meeting_that_was_moved_is_reminded_of_again(pair: Mentorship) -> None:
    meeting = services.arrange(pair, by=pair.mentor, plan=plan(), send=False)
    with clock.frozen(NOON + timedelta(days=2, minutes=5)):
        services.remind()
        later = plan(starts_at=NOON + timedelta(days=8))
        services.change(meeting, by=pair.mentor, plan=later, seen=0, send=False)
        assert services.remind() == 0
    with clock.frozen(NOON + timedelta(days=7, hours=3)):
        assert services.remind() == 1


@pytest.mark.parametrize("how", ["cancelled", "over", "fresh", "ended"])
def test_nobody_is_reminded_of_what_needs_no_reminder(pair: Mentorship, how: str) -> None:
    at = NOON + timedelta(hours=20)
    fields: dict[str, Any] = {
        "created_at": NOON - timedelta(days=9),
        "changed_at": NOON - timedelta(days=9),
    }
    if how == "cancelled":
        make_meeting(pair, at=at, cancelled_at=NOON, **fields)
    elif how == "over":
        make_meeting(pair, at=NOON - timedelta(hours=1), **fields)
    elif how == "fresh":
        make_meeting(pair, at=at)
    else:
        make_meeting(pair, at=at, **fields)
        Mentorship.objects.update(state=State.ENDED)
    assert services.remind() == 0
