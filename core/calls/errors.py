"""Why the mailbox of a call refuses."""


class TakenOver(Exception):
    """The same person entered the room in another window, and only one can be in the call."""
