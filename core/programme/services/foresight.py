"""What a change of the rules would do to what is running: asked before it is saved."""

from collections.abc import Callable, Iterable

from core.programme.rules import Policies

Foresight = Callable[[Policies, Policies], Iterable[str]]

_known: list[Foresight] = []


def foresees(function: Foresight) -> Foresight:
    """Register who knows what follows from a change: (before, after) to sentences.

    Reads only, and only a few counts, however many people there are.
    """
    _known.append(function)
    return function


def foreseen(before: Policies, after: Policies) -> list[str]:
    """What would follow now from these rules in the place of those."""
    if before == after:
        return []
    return [sentence for one in _known for sentence in one(before, after)]


def many(number: int, one: str, more: str) -> str:
    """A number with its noun: "1 request", "1,200 requests"."""
    return f"{number:,} {one if number == 1 else more}"
