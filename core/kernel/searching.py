"""One search box over what several apps keep, without these apps knowing of each other.

An app offers a source once, in `AppConfig.ready`; a page asks all of them by `find`. Source:
product, E11 and F1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONGEST_QUERY = 100
MOST_EACH = 20


@dataclass(frozen=True)
class Found:
    """One thing that fits a search: plain texts in the institute's words, and where it is."""

    title: str
    summary: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class Shelf:
    """What one source found, best first."""

    key: str
    label: str
    found: list[Found]


Source = Callable[[str, str | None], Sequence[Found]]


@dataclass(frozen=True)
class _Offer:
    key: str
    label: str
    order: int
    source: Source


_offers: dict[str, _Offer] = {}


def offer_search(key: str, label: str, source: Source, *, order: int) -> None:
    """Add a source: a function of a query and of the role in force ("mentor", "mentee" or None
    for guests), which gives what that reader may open. `label` heads its results."""
    _offers[key] = _Offer(key, label, order, source)


def tidy(query: str) -> str:
    """What somebody typed, on one line and of bounded length."""
    return " ".join(query.replace("\x00", " ").split())[:LONGEST_QUERY].strip()


def find(query: str, role: str | None, *, without: Sequence[str] = ()) -> list[Shelf]:
    """What all sources have for a query, in their order; nothing for an empty query. Sources that
    found nothing are left out, and those named in `without`."""
    query = tidy(query)
    if not query:
        return []
    shelves = [
        Shelf(offer.key, offer.label, list(offer.source(query, role))[:MOST_EACH])
        for offer in sorted(_offers.values(), key=lambda offer: offer.order)
        if offer.key not in without
    ]
    return [shelf for shelf in shelves if shelf.found]
