"""What an entry of the diary may hold (product E13). Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from unicodedata import category

TITLE_LENGTH: Final = 120
TEXT_LENGTH: Final = 20_000
THEME_LENGTH: Final = 40
THEMES_AN_ENTRY: Final = 8
KEY_LENGTH: Final = 80
LABEL_LENGTH: Final = 120
ENTRIES: Final = 5_000
ENTRIES_A_DAY: Final = 200
QUERY_LENGTH: Final = 120
EARLIEST: Final = date(1950, 1, 1)
UNDO_HOURS: Final = 24
EXCERPT: Final = 180
# What one file holds: more is exported by month or theme, so that none takes for ever.
PAPER_CHARACTERS: Final = 3_000_000
MARKDOWN_CHARACTERS: Final = 4_000_000

KINDS: Final = {
    "guide": "Guide",
    "stage": "Stage",
    "activity": "Activity",
    "canvas": "Canvas",
    "goal": "Goal",
    "meeting": "Meeting",
}
# Control characters, halves of characters, and private signs (the search marks words with some).
_NO_TEXT: Final = frozenset({"Cc", "Cs", "Co"})
_MARKS = re.compile(r"[*_`#>]+|^\s*(?:[-+]|\d+\.)\s+", re.MULTILINE)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


@dataclass(frozen=True)
class Prompt:
    """What somebody was looking at when they began to write."""

    kind: str = ""
    key: str = ""
    label: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind)

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return KINDS.get(self.kind, "")


def prompt_from(source: str, label: str) -> Prompt:
    """The thing in "guide:choosing" with its label; an empty one for anything unknown."""
    kind, _, key = source.partition(":")
    if kind not in KINDS or not _KEY.fullmatch(key):
        return Prompt()
    return Prompt(kind, key, one_line(label)[:LABEL_LENGTH])


def clean_text(text: str) -> str:
    """What somebody typed, with one kind of line end and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or category(c) not in _NO_TEXT).strip()


def beginning_of(text: str, *, is_markdown: bool) -> str:
    """The first words of a text for a list, without the marks of Markdown."""
    words = " ".join((_MARKS.sub("", text[:600]) if is_markdown else text[:600]).split())
    return words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1].rstrip()}…"


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(clean_text(text).split())


def themes_from(text: str) -> list[str]:
    """The themes in "Feedback, saying no": each once, in the order in which they were typed."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        theme = one_line(part).lstrip("#").strip()
        if theme:
            found.setdefault(theme.casefold(), theme)
    return list(found.values())


def settled(themes: Iterable[str], known: Iterable[str]) -> list[str]:
    """The themes as this person wrote them before, so that "feedback" joins "Feedback"."""
    written = {theme.casefold(): theme for theme in known}
    return [written.get(theme.casefold(), theme) for theme in themes]
