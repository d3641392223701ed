"""Two people with a video meeting, and their browsers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from core.accounts.models import Person
from core.kernel.clock import now
from core.meetings.models import Meeting
from core.mentorships.states import State
from core.programme.models import Programme
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"


def make_meeting(mentor: Person, mentee: Person, **fields: Any) -> Meeting:
    """A video meeting that began a minute ago."""
    mentorship = make_mentorship(mentor=mentor, mentee=mentee, state=State.ACTIVE)
    return Meeting.objects.create(
        **{
            "mentorship": mentorship,
            "arranged_by": mentee,
            "title": "First talk",
            "starts_at": now() - timedelta(minutes=1),
            "time_zone": "Europe/London",
            "is_video": True,
            **fields,
        }
    )


def decide(**policies: Any) -> None:
    """The institute decides otherwise."""
    row = Programme.objects.get()
    row.policies_data = {**row.policies_data, **policies}
    row.save()


@dataclass
class Window:
    """One window of a person's browser, in a room."""

    client: Client
    url: str
    visit: str

    def send(self, kind: str, **more: Any) -> Any:
        """Leave a signal."""
        return self.post({"type": kind, "visit": self.visit, **more})

    def post(self, body: Any) -> Any:
        """Send any body."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(f"{self.url}signals/", raw, content_type="application/json")

    def ask(self, after: str = "0-0") -> HttpResponse:
        """Ask what came."""
        query = {"visit": self.visit, "after": after}
        return self.client.get(f"{self.url}signals/", query)  # type: ignore[return-value]

    def inbox(self, after: str = "0-0") -> dict[str, Any]:
        """What came."""
        answer = self.ask(after)
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = json.loads(answer.content)
        return found


@pytest.fixture
def mentor(db: None) -> Person:
    return make_mentor("Ada Lark")


@pytest.fixture
def mentee(db: None) -> Person:
    return make_mentee("Bo Finch")


@pytest.fixture
def meeting(mentor: Person, mentee: Person) -> Meeting:
    return make_meeting(mentor, mentee)


Opened = Callable[[Person, str], Window]


@pytest.fixture
def window(ciltuk: Institute, meeting: Meeting, member_client: Callable[..., Client]) -> Opened:
    """``window(person, "a")`` → a window of that person at the meeting's room."""

    def opened(person: Person, name: str) -> Window:
        client = member_client(ciltuk, person)
        return Window(client, f"/video/{meeting.room_key}/", name * 20)

    return opened
