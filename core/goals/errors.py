"""What cannot be done with a goal."""

from core.kernel.errors import Conflict, NotAllowed, RuleBroken


class NotTheirs(NotAllowed):
    """The goal is somebody else's; shown as "not found" (product E5)."""


class NotWorkingTogether(RuleBroken):
    """Goals are written while two people work together."""


class TooMany(RuleBroken):
    """There are as many as there can be."""


class ChangedMeanwhile(Conflict):
    """Another window changed the goal after this one was opened."""
