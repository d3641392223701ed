"""A CSV file as people send it: which letters, which delimiter, which rows.

Nothing is guessed silently: what was found is shown, and can be chosen otherwise. A row that
cannot be read is told with its line, and the rows after it are read all the same.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Final

from charset_normalizer import from_bytes

from core.people.rules.cells import shown

LARGEST: Final = 40_000_000
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 20_000
LONGEST_ROW: Final = 300  # lines

ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16 (“Unicode text”)",
    "cp1252": "Windows Western European (1252)",
    "latin-1": "Latin-1 (ISO 8859-1)",
    "iso8859-15": "Latin-9 (ISO 8859-15)",
    "cp1250": "Windows Central European (1250)",
    "cp1254": "Windows Turkish (1254)",
    "cp1253": "Windows Greek (1253)",
    "cp1251": "Windows Cyrillic (1251)",
    "mac-roman": "Macintosh",
}
DELIMITERS: Final = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LATIN: Final = ("cp1252", "cp1250", "mac-roman", "latin-1")
_OTHER_LETTERS: Final = {"cp1251": "cp1251", "cp1253": "cp1253"}
_SAMPLE: Final = 64_000
_KINDS_OF_FILE: Final = (
    (b"PK\x03\x04", "This is an Excel workbook or a ZIP file. Save the sheet as CSV first."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook. Save the sheet as CSV first."),
    (b"%PDF", "This is a PDF, not a CSV file."),
)


class Unreadable(ValueError):
    """The file as a whole cannot be read; the text is for people."""


@dataclass(frozen=True)
class Record:
    """One row: the line on which it begins, its cells, or why it cannot be read."""

    line: int
    cells: list[str]
    problem: str = ""


def encoding_of(content: bytes) -> str:
    """The key in ENCODINGS of the letters that a file is written in.

    Errors: Unreadable for what is no text at all.
    """
    if not content.strip():
        raise Unreadable("The file is empty.")
    for mark, sentence in _KINDS_OF_FILE:
        if content.startswith(mark):
            raise Unreadable(sentence)
    for mark, name in _BOMS:
        if content.startswith(mark):
            return name
    sample = content[:_SAMPLE]
    if _looks_wide(sample):
        return "utf-16"
    if _is_binary(sample):
        raise Unreadable("This is not a text file. Save the sheet as CSV first.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _one_byte(content)
    return "utf-8"


def text_of(content: bytes, encoding: str) -> str:
    """The file's text. Errors: Unreadable when the bytes are not of this encoding."""
    name = encoding if encoding in ENCODINGS else "utf-8"
    if name == "utf-8":
        name = "utf-8-sig"
    elif name == "utf-16" and content[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        sample = content[:_SAMPLE]
        big = sample[0::2].count(0) > sample[1::2].count(0)
        name = "utf-16-be" if big else "utf-16-le"
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(
            f"The file is not written in {ENCODINGS.get(encoding, encoding)}: line {line} holds "
            "bytes that mean nothing in it."
        ) from None


def delimiter_of(text: str) -> str:
    """What stands between the cells: the sign that gives the most rows of one width."""
    best, delimiter = (0, 0), ","
    head = text[:_SAMPLE]
    for sign in DELIMITERS:
        found = [len(one.cells) for one in _first(records(head, sign), 40) if not one.problem]
        if not found:
            continue
        width, times = Counter(found).most_common(1)[0]
        if width > 1 and (times, width) > best:
            best, delimiter = (times, width), sign
    return delimiter


def header_of(text: str, delimiter: str) -> list[str]:
    """The names of the columns. Errors: Unreadable when there are none, or too many."""
    first = next(records(text, delimiter), None)
    if first is None:
        raise Unreadable("The file is empty.")
    if first.problem:
        raise Unreadable(
            f"The first row, the names of the columns, cannot be read: {first.problem}"
        )
    if len(first.cells) > MOST_COLUMNS:
        raise Unreadable(f"The file has more than {MOST_COLUMNS} columns.")
    names = [shown(cell)[:160] for cell in first.cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable("The first row holds no names of columns.")
    return names


def rows_of(text: str, delimiter: str) -> Iterator[Record]:
    """The rows under the header; those without a word in them are left out."""
    found = records(text, delimiter)
    next(found, None)
    return found


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Every row that says something, the header too.

    Quotes that never close spoil one row, not the rest of the file: reading goes on with the next
    line.
    """
    source = _Lines(text)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while source.more():
        start = source.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            source.begin_again(start + 1)
            yield Record(start + 1, [], _said(str(error)))
            continue
        if any(cell and not cell.isspace() for cell in cells):
            if start == 0 and len(cells) == 1 and cells[0].lower().startswith("sep="):
                continue
            if start == 0 and cells == ["sep=", ""]:  # "sep=;" read with that very sign
                continue
            yield Record(start + 1, cells)


def _said(error: str) -> str:
    if "field limit" in error:
        return "A cell is too long."
    return "The quotation marks in this row do not match."


class _Lines:
    """The lines of a text for csv.reader, no more than LONGEST_ROW for one row."""

    def __init__(self, text: str) -> None:
        self._lines = list(StringIO(text, newline=""))
        self._place = 0
        self._end = 0

    def more(self) -> bool:
        return self._place < len(self._lines)

    def begin(self) -> int:
        """Where the next row begins."""
        self._end = min(self._place + LONGEST_ROW, len(self._lines))
        return self._place

    def begin_again(self, place: int) -> None:
        self._place = place

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._place >= self._end:
            raise StopIteration
        line = self._lines[self._place]
        self._place += 1
        return line


def _first(found: Iterator[Record], most: int) -> Iterator[Record]:
    for _number in range(most):
        one = next(found, None)
        if one is None:
            return
        yield one


def _looks_wide(sample: bytes) -> bool:
    """UTF-16 without its mark: ends of lines and ASCII letters have a nought on one side only."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 2 or min(even, odd) > len(sample) // 200:
        return False
    text = sample[: len(sample) // 2 * 2].decode(
        "utf-16-be" if even > odd else "utf-16-le", errors="replace"
    )
    shown = sum(letter.isprintable() or letter in "\r\n\t" for letter in text)
    return shown >= 0.98 * len(text) and text.count("\ufffd") <= 1


def _is_binary(sample: bytes) -> bool:
    odd = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return odd > max(8, len(sample) // 100)


def _one_byte(content: bytes) -> str:
    """Which of the alphabets with one byte a letter; Western European unless another is clear.

    Names are short and rarely words of a language, so what decides for Latin letters is how they
    stand: no sign inside a word, no capital after a small letter.
    """
    words = [word for word in content.split() if any(code > 127 for code in word)][:2000]
    joined = b" ".join(words)
    high = sum(code > 127 for code in joined)
    if high > 2 * sum(chr(code).isalpha() for code in joined if code < 128):
        best = from_bytes(joined, cp_isolation=list(_OTHER_LETTERS)).best()
        return _OTHER_LETTERS.get(best.encoding if best else "", "cp1252")
    return min(_LATIN, key=lambda name: (_oddities(joined, name), _LATIN.index(name)))


def _oddities(content: bytes, name: str) -> int:
    text = content.decode(name, errors="replace")
    odd = sum(
        1 for before, letter, after in zip(f" {text}", text, f"{text[1:]} ", strict=False)
        if ord(letter) > 127
        and (
            (not letter.isalpha() and (before.isalpha() or after.isalpha()))
            or (letter.isupper() and before.islower())
            or (letter.islower() and before.isupper() and after.isupper())
        )
    )  # fmt: skip
    return odd + 3 * text.count("\ufffd")
