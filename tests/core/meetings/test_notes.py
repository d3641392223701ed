"""Notes of a meeting: shared ones for both, private ones for their author alone."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core.meetings import errors, services
from core.meetings.models import MeetingNote
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from tests.core.meetings.conftest import Visit
from tests.factories.meetings import make_meeting
from tests.factories.mentorships import make_mentor

pytestmark = pytest.mark.django_db


def page(browser: Client, meeting: object) -> str:
    answer = browser.get(meeting.get_absolute_url())  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return answer.content.decode()


def test_shared_note_is_read_by_both_and_private_one_by_its_author(
    visit: Visit, pair: Mentorship
) -> None:
    meeting = make_meeting(pair)
    mentor, mentee = visit(pair.mentor), visit(pair.mentee)
    mentor.post(meeting.get_absolute_url(), {"body": "For both of us", "shared": "on"})
    mentor.post(meeting.get_absolute_url(), {"body": "For me alone"})
    assert "For me alone" in page(mentor, meeting)
    seen = page(mentee, meeting)
    assert "For both of us" in seen
    assert "For me alone" not in seen


def test_note_sent_twice_is_written_once(visit: Visit, pair: Mentorship) -> None:
    meeting = make_meeting(pair)
    form = {"body": "Ask about the budget", "form_key": str(uuid4())}
    browser = visit(pair.mentee)
    for _ in range(2):
        browser.post(meeting.get_absolute_url(), form)
    assert MeetingNote.objects.count() == 1


@pytest.mark.parametrize("body", ["", " \n ", "x" * 10_001])
def test_empty_or_endless_note_is_refused(visit: Visit, pair: Mentorship, body: str) -> None:
    answer = visit(pair.mentee).post(make_meeting(pair).get_absolute_url(), {"body": body})
    assert answer.status_code == 422
    assert not MeetingNote.objects.exists()


def test_author_changes_and_removes_a_note_and_nobody_else_does(
    visit: Visit, pair: Mentorship
) -> None:
    note = services.write_note(make_meeting(pair), by=pair.mentee, body="First", shared=True)
    address = reverse("meetings:note", args=[note.pk])
    removal = reverse("meetings:remove_note", args=[note.pk])
    for other in (pair.mentor, make_mentor(is_staff=True, is_superuser=True)):
        browser = visit(other)
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"body": "Mine"}).status_code == 404
        assert browser.post(removal).status_code == 404
        with pytest.raises(errors.NotTheirs):
            services.remove_note(note, by=other)
    browser = visit(pair.mentee)
    browser.post(address, {"body": "Second"})
    note.refresh_from_db()
    assert (note.body, note.shared) == ("Second", False)
    browser.post(removal)
    assert not MeetingNote.objects.exists()


def test_after_the_end_notes_are_private_only(visit: Visit, pair: Mentorship) -> None:
    meeting = make_meeting(pair)
    Mentorship.objects.update(state=State.ENDED)
    browser = visit(pair.mentee)
    assert "Share this note" not in page(browser, meeting)
    browser.post(meeting.get_absolute_url(), {"body": "Looking back", "shared": "on"})
    assert not MeetingNote.objects.get().shared


def test_stranger_cannot_write_a_note(visit: Visit, pair: Mentorship) -> None:
    meeting = make_meeting(pair)
    stranger = make_mentor()
    assert visit(stranger).post(meeting.get_absolute_url(), {"body": "Hello"}).status_code == 404
    with pytest.raises(errors.NotTheirs):
        services.write_note(meeting, by=stranger, body="Hello", shared=True)
