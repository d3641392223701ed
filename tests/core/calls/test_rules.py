"""When a room is open, and what passes for a signal."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.calls.rules import Malformed, State, hours, read_cursor, read_signal, read_visit
from core.programme.rules import Policies

AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
A, B = "a" * 20, "b" * 20
SDP = "v=0\r\ns=-\r\n"
CANDIDATE = {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMLineIndex": 0}


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (-16, State.EARLY),
        (-15, State.OPEN),
        (0, State.OPEN),
        (119, State.OPEN),
        (120, State.OVER),
    ],
)
def test_room_opens_before_the_meeting_and_closes_after_it(minutes: int, state: State) -> None:
    open_hours = hours(starts_at=AT, ends_at=AT + timedelta(hours=1), before=15, after=60)
    assert open_hours.state(AT + timedelta(minutes=minutes)) is state


@pytest.mark.parametrize(
    "body",
    [
        {"type": "hello", "visit": A},
        {"type": "bye", "visit": A, "number": 7},
        {"type": "offer", "visit": A, "to": B, "number": 2, "sdp": SDP},
        {"type": "answer", "visit": A, "to": B, "sdp": SDP},
        {"type": "candidate", "visit": A, "to": B, "candidate": CANDIDATE},
    ],
)
def test_signal_is_passed_on_as_it_was_written(body: dict[str, Any]) -> None:
    signal = read_signal(json.dumps(body).encode())
    again = json.loads(signal.model_dump_json(exclude_none=True))
    assert again == {"number": 0, **body}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b'{"type":"hello"}',
        b'{"type":"hello","visit":"short"}',
        b'{"type":"hello","visit":"<script>alert(1)</script>"}',
        b'{"type":"shout","visit":"%s"}' % A.encode(),
        b'{"type":"hello","visit":"%s","more":1}' % A.encode(),
        b'{"type":"hello","visit":"%s","number":-1}' % A.encode(),
        b'{"type":"hello","visit":"%s","number":"1"}' % A.encode(),
        b'{"type":"hello","visit":"%s","sdp":"v=0\\r\\n"}' % A.encode(),
        b'{"type":"offer","visit":"%s","to":"%s"}' % (A.encode(), B.encode()),
        b'{"type":"offer","visit":"%s","sdp":"v=0\\r\\n"}' % A.encode(),
        b'{"type":"offer","visit":"%s","to":"%s","sdp":"<b>"}' % (A.encode(), B.encode()),
        b'{"type":"candidate","visit":"%s","to":"%s","candidate":"x"}' % (A.encode(), B.encode()),
        b'{"type":"candidate","visit":"%s","to":"%s","candidate":{"candidate":"x","x":1}}'
        % (A.encode(), B.encode()),
        b" " * 20_000,
        b'{"type":"offer","visit":"%s","to":"%s","sdp":"v=0\\r\\n%s"}'
        % (A.encode(), B.encode(), b"x" * 15_500),
    ],
)
def test_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        read_signal(raw)


@pytest.mark.parametrize("value", ["", "a", "a" * 41, "a" * 20 + "\n", "ä" * 20, "*" * 20])
def test_name_of_a_window_is_plain(value: str) -> None:
    with pytest.raises(Malformed):
        read_visit(value)


@pytest.mark.parametrize("value", ["", "-", "0-0-0", "+", "(1-0", "1-0\n", "9" * 17 + "-0", "٣-٠"])
def test_place_in_the_mailbox_is_plain(value: str) -> None:
    with pytest.raises(Malformed):
        read_cursor(value)


@pytest.mark.parametrize(
    "link",
    [
        "http://meet.example/{room}",
        "https://meet.example/",
        "https://{room}",
        "https://meet.example/{person}",
        "https://meet.example/{room} x",
        "javascript:alert('{room}')",
        "//meet.example/{room}",
    ],
)
def test_pattern_of_a_provider_is_an_https_address_with_the_room(link: str) -> None:
    assert Policies(video_link="https://meet.example/ours-{room}").video_link
    with pytest.raises(ValueError):
        Policies(video_link=link)
