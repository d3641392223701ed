"""The rules of profiles that can be broken."""

from core.kernel.errors import RuleBroken


class AnswersRefused(RuleBroken):
    """Some answers cannot be kept; `messages` has one sentence a field key."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("Some answers need another look.")
