"""What a service says when a rule forbids the step. Messages are sentences for people."""

from http import HTTPStatus


class RuleBroken(Exception):
    """A rule of the programme forbids this; nothing was changed."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Conflict(RuleBroken):
    """Somebody was first: the thing is no longer in the state that the step starts from."""

    status = HTTPStatus.CONFLICT


class NotAllowed(RuleBroken):
    """This person may not do this. Shown as "not found" where existence itself is private."""

    status = HTTPStatus.NOT_FOUND
