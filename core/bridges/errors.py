"""What can be wrong with a provider or with what it sent. Texts are for people."""

from core.kernel.errors import RuleBroken


class ProviderRefused(RuleBroken):
    """A provider's settings cannot be used; `field` is the one that has to change."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotLetIn(RuleBroken):
    """Somebody came back from the provider and does not get in."""
