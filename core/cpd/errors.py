"""What the record says when something cannot be done."""

from core.kernel.errors import NotAllowed, RuleBroken


class NotTheirs(NotAllowed):
    """Somebody else's line or record: told as if there were none."""


class TooMuch(RuleBroken):
    """More than a record holds."""


class NothingChosen(RuleBroken):
    """A record without lines says nothing."""
