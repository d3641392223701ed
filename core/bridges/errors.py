"""What can be wrong with a provider or with what it sent. Texts are for people."""

from core.kernel.errors import RuleBroken


class ProviderRefused(RuleBroken):
    """A provider's settings cannot be used; `field` is the one that has to change."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class ProviderBusy(ProviderRefused):
    """Nobody asked the provider: too many wait for it, or for others, already."""


class NotLetIn(RuleBroken):
    """Somebody came back from the provider and does not get in."""


class ProviderDown(RuleBroken):
    """The provider cannot be asked at this moment, or gave no sensible answer."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} cannot be reached at the moment, so nobody can sign in with it. Try again "
            "in a few minutes."
        )
