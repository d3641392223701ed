"""What the diary says when something cannot be done."""

from core.kernel.errors import NotAllowed, RuleBroken


class NotTheirs(NotAllowed):
    """Somebody else's entry: told as if there were none."""


class TooMuch(RuleBroken):
    """More than a diary, or a file made of it, holds."""
