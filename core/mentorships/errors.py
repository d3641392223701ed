"""Rules of the lifecycle that can be broken. Messages are sentences for people."""

from uuid import UUID

from core.kernel.errors import Conflict, NotAllowed, RuleBroken


class NoLongerPossible(Conflict):
    """The mentorship is not, or no longer, in a state in which this can be done."""


class AlreadyOpen(Conflict):
    """There is an open mentorship between the two in this direction (product, decision 2)."""

    def __init__(self, message: str, mentorship_id: UUID) -> None:
        super().__init__(message)
        self.mentorship_id = mentorship_id


class NotTheirs(NotAllowed):
    """This person has no part in it, or not this one."""


class MentorFull(RuleBroken):
    """The mentor has as many mentees as they take at once (product B10)."""


class MentorUnavailable(RuleBroken):
    """The mentor takes nobody on at present (product B11)."""


class ProfileMissing(RuleBroken):
    """The mentee's profile has to be complete first (product B2)."""


class MatchRefused(RuleBroken):
    """The programme team cannot bring these two together (product F4)."""


class TooManyOpen(RuleBroken):
    """The mentee has as many unanswered requests as the institute allows (product C8)."""


class NotAMember(RuleBroken):
    """A membership has ended, and with it the right to begin something new (product A6)."""


class AreaUnknown(RuleBroken):
    """The area of support is not among the institute's."""


class AccountNotInUse(RuleBroken):
    """One of the two people has gone, or is a mentor no longer."""


class NotThisWay(RuleBroken):
    """The institute has chosen another way for this (product C3, E9)."""


class TooOften(RuleBroken):
    """It was changed so often today that the mentor would drown in mails."""


class RoleInUse(RuleBroken):
    """A role cannot be given up while something is open in it."""
