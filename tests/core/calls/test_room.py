"""Who comes into the room, and when."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.accounts.services import block
from core.calls.queries import helping_servers
from core.kernel import clock
from core.meetings.models import Meeting
from core.meetings.queries import video_url
from core.mentorships.states import State
from tenants.models import Institute
from tests.core.calls.conftest import Opened, decide, make_meeting
from tests.factories.mentorships import make_mentee, make_mentor

pytestmark = pytest.mark.django_db


def test_partners_find_the_room_open_around_the_meeting(
    mentor: Person, mentee: Person, meeting: Meeting, window: Opened
) -> None:
    for person, partner in ((mentor, "Bo"), (mentee, "Ada")):
        page = window(person, "a").client.get(f"/video/{meeting.room_key}/")
        assert page.status_code == 200
        text = page.content.decode()
        assert f'data-partner="{partner}"' in text
        assert f'data-polite="{"yes" if person == mentee else "no"}"' in text
        assert "no-store" in page.headers["Cache-Control"]


def test_room_key_cannot_be_guessed(meeting: Meeting) -> None:
    assert len(meeting.room_key) >= 32


@pytest.mark.parametrize(
    ("minutes", "says", "status"),
    [(-16, "not open yet", 410), (-14, "Join now", 200), (119, "Join now", 200),
     (121, "The room is closed", 410)],
)  # fmt: skip
def test_partner_outside_the_time_gets_a_calm_page(
    mentor: Person, meeting: Meeting, window: Opened, minutes: int, says: str, status: int
) -> None:
    own = window(mentor, "a")
    with clock.frozen(meeting.starts_at + timedelta(minutes=minutes)):
        page = own.client.get(own.url)
        assert page.status_code == 200
        assert says in page.content.decode()
        assert own.send("hello").status_code == status
        assert own.ask().status_code == status


def test_institute_opens_its_rooms_when_it_likes(
    mentor: Person, meeting: Meeting, window: Opened
) -> None:
    decide(video_minutes_before=30, video_minutes_after=0)
    own = window(mentor, "a")
    for minutes, status in ((-29, 200), (61, 410)):
        with clock.frozen(meeting.starts_at + timedelta(minutes=minutes)):
            assert own.send("hello").status_code == status


def test_meeting_that_was_called_off_has_a_closed_room(
    mentor: Person, meeting: Meeting, window: Opened
) -> None:
    meeting.cancelled_at = clock.now()
    meeting.save()
    own = window(mentor, "a")
    assert "called off" in own.client.get(own.url).content.decode()
    assert own.send("hello").status_code == 410


def _nobody(window: Opened, person: Person) -> None:
    own = window(person, "a")
    assert own.client.get(own.url).status_code == 404
    assert own.send("hello").status_code == 404
    assert own.ask().status_code == 404


def test_stranger_is_told_that_there_is_no_such_room(window: Opened) -> None:
    _nobody(window, make_mentor())
    _nobody(window, make_mentee(is_staff=True, is_superuser=True))


def test_guest_signs_in_first_and_gets_no_signals(
    ciltuk: Institute, meeting: Meeting, member_client: Callable[..., Client]
) -> None:
    guest = member_client(ciltuk)
    answer = guest.get(f"/video/{meeting.room_key}/")
    assert (answer.status_code, "login" in answer.headers["Location"]) == (302, True)
    assert guest.get(f"/video/{meeting.room_key}/signals/").status_code == 404
    assert guest.post(f"/video/{meeting.room_key}/signals/").status_code == 404


@pytest.mark.parametrize("state", [State.ENDED, State.COMPLETED, State.PROPOSED])
def test_room_is_gone_when_the_relationship_is_not_active(
    mentor: Person, mentee: Person, meeting: Meeting, window: Opened, state: State
) -> None:
    meeting.mentorship.state = state
    meeting.mentorship.save()
    _nobody(window, mentor)
    _nobody(window, mentee)


def test_room_is_gone_when_one_blocks_the_other(
    mentor: Person, mentee: Person, window: Opened
) -> None:
    block(mentor, by=mentee)
    _nobody(window, mentor)


def test_room_is_gone_when_the_partner_left_the_site(
    mentor: Person, mentee: Person, window: Opened
) -> None:
    mentee.is_active = False
    mentee.save()
    _nobody(window, mentor)


def test_meeting_without_video_has_no_room(
    mentor: Person, meeting: Meeting, window: Opened
) -> None:
    meeting.is_video = False
    meeting.save()
    _nobody(window, mentor)


def test_key_of_another_institute_opens_nothing(
    guided: Institute,
    inside: Callable[[Institute], AbstractContextManager[Institute]],
    window: Opened,
    mentor: Person,
    member_client: Callable[..., Client],
) -> None:
    with inside(guided):
        theirs = make_meeting(make_mentor("Cy Rook"), make_mentee("Di Wren"))
        visitor = member_client(guided, theirs.arranged_by)
    own = window(mentor, "a")
    assert own.client.get(f"/video/{theirs.room_key}/").status_code == 404
    assert visitor.get(f"/video/{theirs.room_key}/").status_code == 200
    assert visitor.get(own.url).status_code == 404


def test_institute_may_meet_at_a_provider_and_then_has_no_rooms(
    mentor: Person, meeting: Meeting, window: Opened
) -> None:
    assert video_url(meeting).endswith(f"/video/{meeting.room_key}/")
    decide(video_link="https://meet.example/ours-{room}")
    assert video_url(meeting) == f"https://meet.example/ours-{meeting.room_key}"
    _nobody(window, mentor)


def test_no_servers_are_needed_on_one_network(mentor: Person, window: Opened) -> None:
    assert window(mentor, "a").send("hello").json() == {"servers": []}


def test_relay_credentials_are_the_person_s_own_and_run_out(
    mentor: Person, mentee: Person, meeting: Meeting, window: Opened, settings: Any
) -> None:
    settings.STUN_URLS = ("stun:turn.example:3478",)
    settings.TURN_URLS = ("turn:turn.example:3478?transport=udp",)
    settings.TURN_SECRET = "a secret that the relay knows too"
    stun, turn = window(mentor, "a").send("hello").json()["servers"]
    assert stun == {"urls": ["stun:turn.example:3478"]}
    until, who = turn["username"].split(":")
    assert int(until) == int((meeting.ends_at + timedelta(hours=2)).timestamp())
    assert str(mentor.pk) not in turn["username"]
    proof = hmac.new(settings.TURN_SECRET.encode(), turn["username"].encode(), hashlib.sha1)
    assert turn["credential"] == base64.b64encode(proof.digest()).decode()
    others = helping_servers(mentee, until=meeting.ends_at)[1]
    assert others["username"].split(":")[1] != who
