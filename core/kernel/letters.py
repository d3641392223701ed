"""The mails of the product, and the small language in which an institute writes their texts.

A text is plain: `{{ mentor_name }}` stands for a value, and what stands between `[[` and `]]` is
left out when a value in it is empty. Values are put in once, by ourselves: no template engine ever
reads what an institute wrote. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Final

LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {"subject": 160, "body": 6000, "button_label": 60}
)
KIND: Final = "mail"
"""The kind under which an institute's texts are kept as editions."""
NAMES: Final = MappingProxyType(
    {"subject": "Subject", "body": "Text", "button_label": "Words on the button"}
)


@dataclass(frozen=True)
class Blank:
    """A placeholder of a mail.

    source: the value's name in the mail's context, where it is another. needed: a text without it
    would be of no use. optional: it may be empty. template: renders the value, if it has several
    parts of its own.
    """

    name: str
    meaning: str
    example: str
    source: str = ""
    needed: bool = False
    optional: bool = False
    template: str = ""

    @property
    def key(self) -> str:
        """Where the value stands in the mail's context."""
        return self.source or self.name


@dataclass(frozen=True)
class Case:
    """One of several occasions on which a mail says something else, by values of its context.

    lacks: placeholders of the mail that may not be named on this occasion.
    """

    key: str
    title: str
    given: Mapping[str, Any]
    lacks: tuple[str, ...] = ()

    def fits(self, context: Mapping[str, Any]) -> bool:
        """Whether this is the occasion: yes and no as such, other values as they are."""
        return all(
            bool(context.get(name)) == wanted
            if isinstance(wanted, bool)
            else context.get(name) == wanted
            for name, wanted in self.given.items()
        )


ALWAYS: Final = Case("", "", {})


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail that the product sends: its template, when it is sent, to whom, what it may name.

    Of `cases` the first that fits speaks; the last fits always. fixed: nobody rewrites it.
    """

    name: str
    title: str
    when: str
    to: str
    blanks: tuple[Blank, ...] = ()
    cases: tuple[Case, ...] = (ALWAYS,)
    fixed: bool = False

    @property
    def template(self) -> str:
        """The template without its ending."""
        return f"mails/{self.name}"

    def case_for(self, context: Mapping[str, Any]) -> Case:
        """The occasion that a context is."""
        return next((one for one in self.cases if one.fits(context)), self.cases[-1])

    def blanks_for(self, case: Case) -> tuple[Blank, ...]:
        """The placeholders on one occasion: what the occasion itself says is none."""
        hidden = {*case.given, *case.lacks}
        return tuple(one for one in self.blanks if one.key not in hidden)

    def key_of(self, case: Case) -> str:
        """Names the text of one occasion."""
        return f"{self.name}.{case.key}" if case.key else self.name

    def values(self, context: Mapping[str, Any]) -> dict[str, str]:
        """What the placeholders stand for in a context."""
        return {one.name: str(context.get(one.key) or "").strip() for one in self.blanks}


@dataclass(frozen=True)
class Text:
    """What an institute may write of a mail."""

    subject: str
    body: str
    button_label: str

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Text":
        """A text as it was kept. Raises ValueError for anything else."""
        parts = {one.name: document.get(one.name, "") for one in fields(cls)}
        if not all(isinstance(part, str) for part in parts.values()):
            raise ValueError("the text of a mail is kept as three strings")
        return cls(**parts)

    @property
    def document(self) -> dict[str, str]:
        """The text as it is kept."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def clean(self) -> "Text":
        """The text without what nobody sees: odd line ends, blanks at line ends, control marks."""
        body = self.body.replace("\r\n", "\n").replace("\r", "\n")
        body = "\n".join(_printable(line).rstrip() for line in body.split("\n"))
        return Text(
            " ".join(_printable(self.subject).split()),
            re.sub(r"\n{3,}", "\n\n", body).strip(),
            " ".join(_printable(self.button_label).split()),
        )


@dataclass(frozen=True)
class Flaw:
    """Something that keeps a text from being used: where, and a sentence for whoever wrote it."""

    part: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}" if self.part == "body" else self.message


_mails: dict[str, Mail] = {}


def register(*mails: Mail) -> None:
    """Put mails into the catalogue (each app does so in its `letters.py`)."""
    for mail in mails:
        _mails[mail.name] = mail


def catalogue() -> list[Mail]:
    """Every mail of the product, in the order of their apps."""
    return list(_mails.values())


def known(name: str) -> Mail | None:
    """The mail with a name, such as "request_received"."""
    return _mails.get(name)


def found(key: str) -> tuple[Mail, Case] | None:
    """The mail and the occasion that a text's key names."""
    name, _, case_key = key.partition(".")
    mail = _mails.get(name)
    if mail is None:
        return None
    return next(((mail, case) for case in mail.cases if case.key == case_key), None)


_MARK = re.compile(r"\[\[|\]\]|\{\{ *([A-Za-z_]{1,40}) *\}\}|\{\{|\}\}|\{%|%\}|\{#")


@dataclass
class _Part:
    """A stretch of a text that is left out as a whole."""

    line: int
    pieces: list["str | _Name | _Part"] = field(default_factory=list)

    def names(self) -> list[str]:
        return [one.name for one in self.pieces if isinstance(one, _Name)]


@dataclass(frozen=True)
class _Name:
    name: str
    line: int


def _parsed(text: str) -> tuple[_Part, list[tuple[int, str]]]:
    """The text as a tree, and what is wrong with its marks, by line."""
    top, wrong = _Part(1), []
    open_parts, at, line = [top], 0, 1
    for match in _MARK.finditer(text):
        before, at = text[at : match.start()], match.end()
        open_parts[-1].pieces.append(before)
        line += before.count("\n")
        mark = match[0]
        if mark == "[[":
            inner = _Part(line)
            open_parts[-1].pieces.append(inner)
            open_parts.append(inner)
        elif mark == "]]" and len(open_parts) > 1:
            open_parts.pop()
        elif mark == "]]":
            wrong.append((line, "]] closes nothing: there is no [[ before it."))
        elif match[1]:
            open_parts[-1].pieces.append(_Name(match[1], line))
        else:
            wrong.append((line, f"{mark} is not a placeholder: write {{{{ name }}}}."))
    open_parts[-1].pieces.append(text[at:])
    wrong += [(one.line, "[[ is never closed with ]].") for one in open_parts[1:]]
    return top, wrong


def flaws(mail: Mail, case: Case, text: Text, common: Iterable[str]) -> list[Flaw]:
    """What keeps a text from being used for a mail; `common` are the names that all mails know."""
    found: list[Flaw] = []
    blanks = {one.name: one for one in mail.blanks_for(case)}
    names = set(common) | set(blanks)
    for part, source in text.document.items():
        if not source.strip():
            found.append(Flaw(part, 1, "Write something here."))
            continue
        if len(source) > LONGEST[part]:
            found.append(Flaw(part, 1, f"Use {LONGEST[part]:,} characters or fewer."))
        tree, wrong = _parsed(source)
        found += [Flaw(part, line, message) for line, message in wrong]
        said = list(_walked(tree))
        found += [
            Flaw(part, one.line, f"{{{{ {one.name} }}}} stands for nothing in this mail.")
            for one in said
            if isinstance(one, _Name) and one.name not in names
        ]
        found += [
            Flaw(part, one.line, "Nothing between [[ and ]] can be empty here, so leave them out.")
            for one in said
            if isinstance(one, _Part)
            if not any((blank := blanks.get(name)) and blank.optional for name in one.names())
        ]
        if part == "body":
            there = {one.name for one in said if isinstance(one, _Name)}
            found += [
                Flaw(part, 1, f"{{{{ {one.name} }}}} is missing: {one.meaning}.")
                for one in blanks.values()
                if one.needed and one.name not in there
            ]
    return sorted(found, key=lambda one: (list(NAMES).index(one.part), one.line))


def _walked(part: _Part) -> Iterable["_Name | _Part"]:
    for one in part.pieces:
        if isinstance(one, _Name):
            yield one
        elif isinstance(one, _Part):
            yield one
            yield from _walked(one)


def filled(text: Text, values: Mapping[str, str]) -> dict[str, str]:
    """The parts of a mail with the values in their places. Raises KeyError for an unknown name."""
    parts = {}
    for part, source in text.document.items():
        written = _written(_parsed(source)[0], values, "")
        if part == "body":
            parts[part] = re.sub(r"\n{3,}", "\n\n", written).strip()
        else:
            parts[part] = " ".join(written.split())
    return parts


def _written(part: _Part, values: Mapping[str, str], before: str) -> str:
    text = ""
    for one in part.pieces:
        if isinstance(one, str):
            text += one
        elif isinstance(one, _Part):
            if all(values[name] for name in one.names()):
                text += _written(one, values, before + text)
        else:
            text += _in_line(values[one.name], (before + text).rpartition("\n")[2])
    return text


def _in_line(value: str, line: str) -> str:
    """Several lines of a value stay a quotation where they stand in one."""
    if not line.startswith(">"):
        return value
    first, *others = value.splitlines() or [""]
    return "\n".join([first, *(f"> {other}".rstrip() for other in others)])


def without(text: str, shorter: str) -> tuple[int, int]:
    """Where a text holds what a shorter one lacks: start and end of that stretch."""
    start = 0
    while start < len(shorter) and text[start] == shorter[start]:
        start += 1
    end = 0
    while end < len(shorter) - start and text[-1 - end] == shorter[-1 - end]:
        end += 1
    return start, len(text) - end


def bracketed(text: str, stretches: Sequence[tuple[int, int]]) -> str:
    """The text with [[ and ]] around stretches that lie beside or within each other."""
    marks: dict[int, str] = {}
    for start, end in sorted(set(stretches), key=lambda one: one[1] - one[0]):
        gap = len(text[start:end]) - len(text[start:end].rstrip("\n"))
        if text[:start].endswith("\n\n") or start == 0:  # a whole paragraph: it ends with itself
            end -= gap
        marks[start] = "[[" + marks.get(start, "")
        marks[end] = marks.get(end, "") + "]]"
    return "".join(
        marks.get(at, "") + letter for at, letter in enumerate(text)
    ) + marks.get(len(text), "")  # fmt: skip


def _printable(line: str) -> str:
    return "".join(one if one.isprintable() else " " if one.isspace() else "" for one in line)
