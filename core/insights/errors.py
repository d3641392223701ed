"""What the overview refuses."""

from core.kernel.errors import Conflict, RuleBroken


class NothingToNudge(Conflict):
    """It was answered meanwhile, or whoever is waited for has left."""


class AlreadyNudged(RuleBroken):
    """The same ask was nudged less than three days ago."""
