"""When a room is open, and what two browsers may tell each other through us (product D7).

Pure: no database, no clock. A signal is read strictly and written again from what was read, so
nothing passes from one browser to the other that is not named here.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

SIGNAL_BYTES = 16_000
ROOM_PLACEHOLDER = "{room}"

# Bounds of what waits in Redis for one side of one room.
SIGNALS_KEPT = 100
SIGNALS_SECONDS = 600
# A phone that changes networks is silent for some seconds and still there.
PRESENT_SECONDS = 20
# Both directions of one person together; a call that is being set up asks 86 times a minute.
REQUESTS_A_MINUTE = 300
# Credentials for the relay outlive the room a little: whoever is still talking goes on.
RELAY_GRACE = timedelta(hours=1)

_VISIT = r"^[A-Za-z0-9_-]{16,40}$"
_CURSOR = re.compile(r"[0-9]{1,16}-[0-9]{1,8}")
START = "0-0"

Visit = Annotated[str, Field(pattern=_VISIT)]


class Malformed(ValueError):
    """What was sent is no signal; the message says what is wrong with it."""


class State(StrEnum):
    """How a room stands at a moment."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Hours:
    """From when until when a room is open."""

    opens_at: datetime
    closes_at: datetime

    def state(self, at: datetime) -> State:
        """How it stands at a moment."""
        if at < self.opens_at:
            return State.EARLY
        return State.OPEN if at < self.closes_at else State.OVER


def hours(*, starts_at: datetime, ends_at: datetime, before: int, after: int) -> Hours:
    """Open from some minutes before the meeting until some minutes after it."""
    return Hours(starts_at - timedelta(minutes=before), ends_at + timedelta(minutes=after))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, serialize_by_alias=True)


class Candidate(_Strict):
    """One way in which a browser might be reached, in the words of WebRTC."""

    candidate: Annotated[str, Field(max_length=1000)]
    part: Annotated[str, Field(max_length=32)] | None = Field(None, alias="sdpMid")
    line: Annotated[int, Field(ge=0, le=64)] | None = Field(None, alias="sdpMLineIndex")
    of: Annotated[str, Field(max_length=256)] | None = Field(None, alias="usernameFragment")


class Signal(_Strict):
    """What one browser tells the other. `visit` is the window that speaks, `to` the one meant."""

    type: Literal["hello", "offer", "answer", "candidate", "bye"]
    visit: Visit
    to: Visit | None = None
    number: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    sdp: Annotated[str, Field(max_length=15_000, pattern=r"^v=0\r?\n")] | None = None
    candidate: Candidate | None = None

    @model_validator(mode="after")
    def carries_what_its_type_needs(self) -> Self:
        """An offer or answer has a description, a candidate a candidate, the others neither."""
        describes = self.type in ("offer", "answer")
        if (self.sdp is not None) != describes:
            raise ValueError("offers and answers alone carry a description")
        if (self.candidate is not None) != (self.type == "candidate"):
            raise ValueError("candidates alone carry a candidate")
        if self.to is None and (describes or self.type == "candidate"):
            raise ValueError("it is meant for nobody")
        return self


def read_signal(raw: bytes) -> Signal:
    """The signal in a request's body. Raises Malformed."""
    if len(raw) > SIGNAL_BYTES:
        raise Malformed("It is too long.")
    try:
        return Signal.model_validate_json(raw)
    except ValidationError as problem:
        raise Malformed(problem.errors(include_input=False)[0]["msg"]) from None


def read_visit(value: str) -> str:
    """The name of a window. Raises Malformed."""
    if not re.fullmatch(_VISIT, value):
        raise Malformed("There is no such window.")
    return value


def read_cursor(value: str) -> str:
    """How far a browser has read. Raises Malformed."""
    if not _CURSOR.fullmatch(value):
        raise Malformed("There is no such place to read from.")
    return value
