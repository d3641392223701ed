"""What a newcomer is asked to agree to; a room above says what that is.

Each page has a box of its own that nobody has ticked beforehand. Its value is the version that is
shown, so that nobody agrees to another one.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page that has to be read or accepted before anybody goes on.

    label: what ticking says. url: where the page is. wrong: what is told without the tick.
    """

    key: str
    version: int
    title: str
    label: str
    url: str
    wrong: str


@dataclass(frozen=True)
class Wish:
    """A question that nobody needs to say yes to."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Asked:
    """All of it, in the order in which it stands on a form."""

    pages: tuple[Page, ...] = ()
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True)
class Agreed:
    """What somebody ticked: pages as (key, version), and the keys of optional consents."""

    pages: tuple[tuple[str, int], ...] = ()
    wishes: tuple[str, ...] = ()


_ask: Callable[[], Asked] | None = None


def offer_agreements(ask: Callable[[], Asked]) -> None:
    """Register who knows what newcomers are asked (called once, at start)."""
    global _ask
    _ask = ask


def asked_of_newcomers() -> Asked:
    """What whoever makes an account is asked now; nothing where nobody asks."""
    return _ask() if _ask is not None else Asked()
