"""Finding answers by words: no database."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

LONGEST_QUERY = 100
_WORD = re.compile(r"[\w'’-]+")
_SMALL = frozenset(
    {"a", "an", "and", "are", "at", "be", "can", "do", "does", "for", "how", "i", "if", "in", "is",
     "it", "my", "of", "on", "or", "the", "there", "to", "what", "when", "where", "who", "why",
     "with", "you", "your"}
)  # fmt: skip


class Answered(Protocol):
    """What can be searched."""

    @property
    def question(self) -> str: ...

    @property
    def words(self) -> str: ...


Entry = TypeVar("Entry", bound=Answered)


def terms(query: str) -> list[str]:
    """The words of a query that say something, in small letters; all of them if none does."""
    found = [_stem(word) for word in _WORD.findall(_plain(query[:LONGEST_QUERY]))]
    return [word for word in found if word not in _SMALL] or found


def ranked(entries: Iterable[Entry], wanted: Sequence[str]) -> list[Entry]:
    """The entries that hold all wanted words, else those that hold most of them; a word in the
    question counts more than one in the answer. The order is stable."""
    scored = []
    for entry in entries:
        question, words = _plain(entry.question), _plain(entry.words)
        hits = sum(term in words or term in question for term in wanted)
        if hits:
            scored.append((hits, sum(term in question for term in wanted), entry))
    most = max((hits for hits, _, _ in scored), default=0)
    best = [found for found in scored if found[0] == most]
    return [entry for _, _, entry in sorted(best, key=lambda found: -found[1])]


def _plain(text: str) -> str:
    return text.casefold().replace("e-mail", "email").replace("’", "'")


def _stem(word: str) -> str:
    for ending in ("ing", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
