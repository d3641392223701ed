"""Why an embedded server cannot be had, in one sentence for the person at the keyboard."""

import errno
from pathlib import Path


class ServerUnavailable(Exception):
    """The message is the sentence; nothing else is shown."""


def said(problem: OSError, folder: Path) -> ServerUnavailable:
    """In: what the system refused. Out: the sentence about it."""
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return full(folder)
    return ServerUnavailable(f"{folder} cannot be used: {problem.strerror or problem}.")


def full(folder: Path) -> ServerUnavailable:
    """Out: the sentence about a full disk."""
    return ServerUnavailable(
        f"The disk is full: nothing more can be written to {folder}. Make room and start again."
    )
