"""Why a message to the team, or a step on it, is not possible. Messages are for people."""

from core.kernel.errors import Conflict, RuleBroken


class TooMuch(RuleBroken):
    """Too many messages in too short a time."""


class NothingWritten(RuleBroken):
    """An answer, or the reason for closing a complaint, needs words."""


class Overtaken(Conflict):
    """Somebody else of the team did something since the page was opened."""
