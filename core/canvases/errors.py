"""Rules of canvases that can be broken. Messages are sentences for people."""

from core.kernel.errors import NotAllowed, RuleBroken


class NotTheirs(NotAllowed):
    """This person has no part in it."""


class NotWorkingTogether(RuleBroken):
    """Canvases are written on in an active relationship."""


class NoSuchDesign(NotAllowed):
    """The institute has no such canvas, or no longer."""


class TooMany(RuleBroken):
    """More than two people can look through."""
