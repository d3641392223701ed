"""What the kernel needs from the world around it, without knowing who provides it."""

from collections.abc import Callable, Collection
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


_operators: Callable[[], str] | None = None


def provide_operators_address(provider: Callable[[], str]) -> None:
    """Set the function that knows where the operators' own site is (called once, at start)."""
    global _operators
    _operators = provider


def operators_address() -> str:
    """Where the operators' own site is, without a closing slash; "" when nobody knows."""
    return _operators() if _operators is not None else ""


_erased: Callable[[Collection[str]], frozenset[str]] | None = None


def provide_erased(check: Callable[[Collection[str]], frozenset[str]]) -> None:
    """Say who knows which of these e-mail addresses belonged to people who were erased here."""
    global _erased
    _erased = check


def erased_among(addresses: Collection[str]) -> frozenset[str]:
    """Those of these addresses whose owners were erased: nobody brings them back but themselves."""
    return _erased(addresses) if _erased is not None and addresses else frozenset()


def was_erased(address: str) -> bool:
    """Whether the owner of this address was erased."""
    return bool(erased_among((address,)))


@dataclass(frozen=True, kw_only=True)
class PaperLook:
    """How a PDF of the present site looks.

    families: of fonts, the brand's first, then one for each script. fonts: folders that hold them.
    Colours are "#rrggbb" for white paper. mark: the logo as clean SVG text in its colour, or empty.
    footer: one line with whom to turn to. address: of the site, as people write it.
    """

    programme: str
    organisation: str
    footer: str
    address: str
    families: tuple[str, ...]
    fonts: tuple[str, ...]
    accent: str
    ink: str
    muted: str
    line: str
    tint: str
    good: str
    warn: str
    mark: str


_paper: Callable[[], PaperLook] | None = None


def provide_paper_look(provider: Callable[[], PaperLook]) -> None:
    """Set the function that knows how PDFs of the present site look (called once, at start)."""
    global _paper
    _paper = provider


def paper_look() -> PaperLook:
    """The look of PDFs. Raises RuntimeError when nobody provides one."""
    if _paper is None:
        raise RuntimeError("no provider of the look of PDFs is registered")
    return _paper()
