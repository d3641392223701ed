"""Rules of meetings that can be broken. Messages are sentences for people."""

from core.kernel.errors import Conflict, NotAllowed, RuleBroken


class NotTheirs(NotAllowed):
    """This person has no part in it."""


class NotWorkingTogether(RuleBroken):
    """Meetings belong to an active relationship (product D8)."""


class AlreadyChanged(Conflict):
    """The other one, or another tab, was first."""


class MeetingOver(Conflict):
    """It was called off, or its time has passed."""


class TooMany(RuleBroken):
    """So many in a day that the partner would drown in mails."""
