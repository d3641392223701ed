"""Rules of a run that can be broken. Messages are sentences for people."""

from core.kernel.errors import Conflict, NotAllowed, RuleBroken


class NoLongerPossible(Conflict):
    """The run is not, or no longer, in a state in which this can be done."""


class Changed(Conflict):
    """What staff looked at is not what there is now."""


class NotTheirs(NotAllowed):
    """This person may not match people."""


class CannotBePaired(RuleBroken):
    """The two cannot stand together in this draft."""


class PoolTooLarge(RuleBroken):
    """More people than can be solved at once."""
