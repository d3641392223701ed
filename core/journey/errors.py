"""Rules of the journey that can be broken. Messages are sentences for people."""

from core.kernel.errors import Conflict, NotAllowed, RuleBroken


class NotTheirs(NotAllowed):
    """This person has no part in it."""


class NotWorkingTogether(RuleBroken):
    """What belongs to the road is changed only while the two work together."""


class NotThisWay(Conflict):
    """The stage is not, or no longer, one that this person can mark."""


class WrittenMeanwhile(Conflict):
    """The other one saved an answer to the same question; nobody's text is lost."""

    def __init__(self, message: str, answers: dict[str, str], clashes: frozenset[str]) -> None:
        super().__init__(message)
        self.answers = answers
        self.clashes = clashes


class PlanRefused(RuleBroken):
    """The road cannot be drawn like this."""
