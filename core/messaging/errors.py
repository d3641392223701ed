"""Rules of writing to each other. Messages are sentences for people."""

from http import HTTPStatus

from core.kernel.errors import NotAllowed, RuleBroken


class NotBetweenThem(NotAllowed):
    """There is nothing between the two that would let one write to the other."""


class CannotWrite(RuleBroken):
    """This conversation takes no messages from this person now."""


class NothingWritten(RuleBroken):
    """A message needs words or a file."""


class TooMuch(RuleBroken):
    """Too many messages, or questions, in too short a time."""


class TooLong(RuleBroken):
    """The text is longer than a message may be."""


class FilesRefused(RuleBroken):
    """One or more files cannot go along; `sentences` has one for each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class FilesNotKept(RuleBroken):
    """The storage took a file not, or only half; nothing of the message was kept."""


class FileAway(RuleBroken):
    """The storage cannot hand a file out now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class LinkPast(NotAllowed):
    """The short link to a file has run out, or belongs to somebody else."""
