"""The mailbox between two browsers, without the browsers."""

import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from django.core.cache import cache
from django.test import Client
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

from core.accounts.models import Person
from core.calls import services
from core.calls.rules import REQUESTS_A_MINUTE, SIGNALS_KEPT
from core.kernel.ports import current_site
from core.meetings.models import Meeting
from tenants.models import Institute
from tests.core.calls.conftest import SDP, Opened, Window

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(mentor: Person, mentee: Person, window: Opened) -> tuple[Window, Window]:
    """Both are in the room."""
    ada, bo = window(mentor, "a"), window(mentee, "b")
    assert ada.send("hello").status_code == 200
    assert bo.send("hello").status_code == 200
    return ada, bo


Two = tuple[Window, Window]


def test_person_alone_in_the_room_waits(mentor: Person, window: Opened) -> None:
    own = window(mentor, "a")
    own.send("hello")
    assert own.inbox() == {"partner": None, "signals": [], "after": "0-0"}


def test_signals_arrive_once_in_order_and_at_the_other_side_only(two: Two) -> None:
    ada, bo = two
    assert ada.inbox()["partner"] == bo.visit
    ada.send("offer", to=bo.visit, number=2, sdp=SDP)
    ada.send("candidate", to=bo.visit, number=3, candidate={"candidate": "x", "sdpMid": "0"})
    came = bo.inbox()
    assert [(one["type"], one["number"]) for one in came["signals"]] == [
        ("offer", 2), ("candidate", 3),
    ]  # fmt: skip
    assert came["signals"][1]["candidate"] == {"candidate": "x", "sdpMid": "0"}
    assert bo.inbox(came["after"])["signals"] == []
    assert ada.inbox()["signals"] == []


def test_answer_that_got_lost_on_the_way_is_given_again(two: Two) -> None:
    ada, bo = two
    ada.send("offer", to=bo.visit, sdp=SDP)
    assert bo.inbox()["signals"] == bo.inbox()["signals"] != []


def test_leaving_is_told_and_leaves_the_room_empty(two: Two) -> None:
    ada, bo = two
    bo.send("bye")
    came = ada.inbox()
    assert (came["partner"], [one["type"] for one in came["signals"]]) == (None, ["bye"])


def test_reload_begins_with_an_empty_mailbox_and_a_name_of_its_own(
    two: Two, mentee: Person, window: Opened
) -> None:
    ada, bo = two
    ada.send("offer", to=bo.visit, sdp=SDP)
    again = window(mentee, "c")
    again.send("hello")
    assert again.inbox()["signals"] == []
    assert ada.inbox()["partner"] == again.visit


def test_second_window_takes_the_call_over_from_the_first(
    two: Two, mentee: Person, window: Opened
) -> None:
    ada, bo = two
    window(mentee, "c").send("hello")
    assert bo.ask().status_code == 409
    assert bo.send("offer", to=ada.visit, sdp=SDP).status_code == 409
    assert bo.send("bye").status_code == 409
    assert ada.inbox()["partner"] == "c" * 20


def test_window_that_was_silent_is_gone_and_may_come_back(two: Two, meeting: Meeting) -> None:
    ada, bo = two
    _redis().delete(cache.make_key(f"calls:{meeting.pk}:{_person(bo)}:window"))
    assert ada.inbox()["partner"] is None
    assert bo.ask().status_code == 200
    assert ada.inbox()["partner"] == bo.visit


def test_mailbox_is_bounded_and_forgets_by_itself(two: Two) -> None:
    ada, bo = two
    for number in range(SIGNALS_KEPT + 5):
        ada.send("candidate", to=bo.visit, number=number, candidate={"candidate": "x"})
    numbers = [one["number"] for one in bo.inbox()["signals"]]
    assert numbers == list(range(5, SIGNALS_KEPT + 5))
    keys = _keys()
    assert len(keys) == 3
    assert all(0 < _redis().ttl(key) <= 600 for key in keys)


def test_every_key_carries_the_site(two: Two) -> None:
    two[0].send("bye")
    assert _keys()
    assert all(current_site().key in key for key in _keys())


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 16_001, {"type": "hello", "visit": "a"}])
def test_malformed_signal_is_refused(mentor: Person, window: Opened, body: Any) -> None:
    assert window(mentor, "a").post(body).status_code == 400


def test_form_is_no_signal(mentor: Person, window: Opened) -> None:
    own = window(mentor, "a")
    assert own.client.post(f"{own.url}signals/", {"type": "hello"}).status_code == 400
    assert own.client.get(f"{own.url}signals/").status_code == 400
    assert own.ask("*").status_code == 400
    assert own.client.put(f"{own.url}signals/").status_code == 405


def test_signal_without_the_page_s_token_is_refused(
    ciltuk: Institute, meeting: Meeting, mentor: Person, member_client: Callable[..., Client]
) -> None:
    strict = member_client(ciltuk, mentor, enforce_csrf_checks=True)
    url = f"/video/{meeting.room_key}/signals/"
    hello = json.dumps({"type": "hello", "visit": "a" * 20})
    assert strict.post(url, hello, content_type="application/json").status_code == 403
    page = strict.get(f"/video/{meeting.room_key}/")
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = strict.post(
        url, hello, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200


def test_too_many_requests_are_refused(two: Two) -> None:
    ada, bo = two
    statuses = [ada.ask().status_code for _ in range(REQUESTS_A_MINUTE)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    assert bo.ask().status_code == 200


def test_mailbox_out_of_reach_is_said_and_not_a_crash(
    mentor: Person, window: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Redis:
        raise NoConnection

    monkeypatch.setattr(services, "_redis", gone)
    assert window(mentor, "a").send("hello").status_code == 503


def _redis() -> Redis:
    return services._redis()


def _keys() -> list[str]:
    return [key.decode() for key in cast("list[bytes]", _redis().keys("*calls:*"))]


def _person(window: Window) -> str:
    return str(window.client.session["_auth_user_id"])
