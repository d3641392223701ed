"""What the kernel needs from the world around it, without knowing who provides it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """The site that this request or task works for.

    key: unique among all sites, never used again, safe in cache keys, file names and salts.
    base_url: scheme, host and port of the stored primary address, without a closing slash.
    name: what operators call it.
    """

    key: str
    base_url: str
    name: str


_provider: Callable[[], Site] | None = None


def provide_site(provider: Callable[[], Site]) -> None:
    """Set the function that knows the present site (called once, at start)."""
    global _provider
    _provider = provider


def current_site() -> Site:
    """The present site. Raises RuntimeError when nobody provides one or none is in force."""
    if _provider is None:
        raise RuntimeError("no provider of the current site is registered")
    return _provider()
