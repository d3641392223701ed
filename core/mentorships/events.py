"""What happened to a mentorship."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MentorshipEvent(Event):
    """`by_id` is who did it."""

    mentorship_id: UUID
    by_id: UUID


class RequestSent(MentorshipEvent):
    """A mentee asked a mentor."""


@dataclass(frozen=True, kw_only=True)
class MatchesMade(Event):
    """The programme team brought these together: their relationships are active."""

    mentorship_ids: tuple[UUID, ...]
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class MatchesProposed(Event):
    """The programme team asked mentors in the stead of mentees."""

    mentorship_ids: tuple[UUID, ...]
    by_id: UUID


class RequestAccepted(MentorshipEvent):
    """The mentor said yes: the relationship is active."""


class RequestDeclined(MentorshipEvent):
    """The mentor said no."""


class RequestWithdrawn(MentorshipEvent):
    """The mentee took back what was not answered yet."""


class RequestEdited(MentorshipEvent):
    """The mentee changed what waits for the mentor."""


class ChangesAsked(MentorshipEvent):
    """The mentor asked for changes or information; it waits for the mentee now."""


class RequestRevised(MentorshipEvent):
    """The mentee sent a new version after being asked for changes."""


class RequestReopened(MentorshipEvent):
    """What had come to nothing, or had ended, is an ask again that wants an answer."""


class InvitedBack(MentorshipEvent):
    """After an end the mentor asked the mentee to go on."""


class RelationshipResumed(MentorshipEvent):
    """The mentee said yes to going on: the relationship is active again."""


class MarkedDone(MentorshipEvent):
    """One of the two thinks that the journey is complete; the other has to say so too."""


class MarkTakenBack(MentorshipEvent):
    """The journey is not complete yet after all: a word taken back, or a "not yet"."""


class RelationshipCompleted(MentorshipEvent):
    """The journey is complete."""


class RelationshipEnded(MentorshipEvent):
    """One of the two, or staff, ended an active relationship."""


@dataclass(frozen=True, kw_only=True)
class RemindersFellDue(Event):
    """Mentors have not answered for so long that they are to be reminded."""

    mentorship_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class RequestsLapsed(Event):
    """Nobody answered in time: these were withdrawn by themselves."""

    mentorship_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceFreed(Event):
    """A mentor who was full has room; these are told, who have waited longest."""

    mentor_id: UUID
    mentee_ids: tuple[UUID, ...]
