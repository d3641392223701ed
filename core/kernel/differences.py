"""What differs between two texts, line by line. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Line:
    """A line of a comparison: kind is `same`, `gone` or `new`."""

    kind: str
    text: str


def lines(before: str, after: str) -> list[Line]:
    """The lines of both texts: those that went stand before those that came in their place."""
    old = before.replace("\r\n", "\n").split("\n")
    new = after.replace("\r\n", "\n").split("\n")
    found: list[Line] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Line("same", line) for line in old[a:b]]
        else:
            found += [Line("gone", line) for line in old[a:b]]
            found += [Line("new", line) for line in new[c:d]]
    return found
