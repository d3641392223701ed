"""Things that happened, told to whoever listens, inside the transaction in which they happened."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction


@dataclass(frozen=True, kw_only=True)
class Event:
    """Past tense, ids only."""


E = TypeVar("E", bound=Event)
_receivers: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)


def receives(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function for an event type; a module imported twice registers once."""

    def register(receiver: Callable[[E], None]) -> Callable[[E], None]:
        if receiver not in _receivers[event_type]:
            _receivers[event_type].append(receiver)
        return receiver

    return register


def tell(event: Event) -> None:
    """Call every receiver of the event now.

    A receiver that fails takes the change down with it: state, audit and mail stand or fall
    together (product, decision 6). Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} told outside a transaction")
    for receiver in _receivers[type(event)]:
        receiver(event)
