"""What can go against an answer or a draft."""

from core.kernel.errors import Conflict, NotAllowed, RuleBroken


class NotAsked(NotAllowed):
    """This person is not asked this."""


class AnsweredElsewhere(Conflict):
    """Another answer came in between, from another window."""


class NoLongerChanged(Conflict):
    """The days in which an answer can be changed are over."""


class SavedByOthers(Conflict):
    """Somebody else on the team has saved the draft meanwhile."""


class NotReady(RuleBroken):
    """The draft has flaws; it is not published."""
