"""From a cell of a file to a value that an account or a profile keeps."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from core.accounts.rules import NameRefusedError, clean_name, clean_phone, time_zones
from core.profiles.rules import Answer as Answer
from core.profiles.rules import AnswerRefusedError, FieldRule, Kind, clean

LONGEST: Final = {
    "email": 254, "first_name": 80, "last_name": 80, "job_title": 120, "organisation": 160,
    "phone": 40, "time_zone": 60, "username": 60,
}  # fmt: skip
USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
_GUARD: Final = re.compile(r"' *[=+\-@\t\r\n＝＋－＠]")
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "on", "ja", "oui"})
_NO: Final = frozenset({"no", "n", "false", "0", "off", "nein", "non"})
_STANDINGS: Final = {
    "current": "current active valid paid good member full student fellow associate yes",
    "lapsed": "lapsed expired overdue unpaid suspended arrears inactive no",
    "ended": "ended resigned cancelled canceled terminated left former deceased removed closed",
}
_STANDING_OF: Final = {
    word: standing for standing, words in _STANDINGS.items() for word in words.split()
} | {
    "paid up": "current", "in good standing": "current", "good standing": "current",
    "in arrears": "lapsed", "not paid": "lapsed", "not current": "lapsed",
    "not active": "lapsed", "non member": "ended", "no longer a member": "ended",
}  # fmt: skip
LONGEST_MEMBER_NUMBER: Final = 80
_PARTS: Final = ("\n", ";", "|", ",")
_is_email = EmailValidator()


def shown(text: str) -> str:
    """A text in one line that a page and a database can hold."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


class CellRefused(ValueError):
    """A cell cannot be kept; the text is for people."""


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    return cell[1:] if _GUARD.match(cell) else cell


def email(cell: str) -> str:
    """An address in lower case; "mailto:" and "Wren <wren@people.example>" are understood."""
    found = cell.strip()
    if found.endswith(">") and "<" in found:
        found = found[found.rindex("<") + 1 : -1]
    found = found.strip().removeprefix("mailto:").lower()
    if not found:
        raise CellRefused("There is no e-mail address in this row.")
    if len(found) > LONGEST["email"]:
        raise CellRefused(f"Use {LONGEST['email']} characters or fewer.")
    try:
        _is_email(found)
    except ValidationError:
        raise CellRefused("This is not an e-mail address.") from None
    return found


def account(name: str, cell: str) -> str:
    """A name, a workplace, a telephone number or a time zone."""
    text = " ".join(cell.split())
    if text.startswith("="):
        raise CellRefused("This is a formula. Put its result in its place.")
    try:
        if name == "phone":
            text = clean_phone(text)
        elif name == "time_zone":
            return _zone(text)
        else:
            text = clean_name(text)
    except NameRefusedError as refusal:
        raise CellRefused(str(refusal)) from None
    if len(text) > LONGEST[name]:
        raise CellRefused(f"Use {LONGEST[name]} characters or fewer. These are {len(text)}.")
    return text


def username(cell: str) -> str:
    """A username in lower case."""
    text = cell.strip().lower()
    if len(text) > LONGEST["username"] or not USERNAME.fullmatch(text):
        raise CellRefused(
            "Use letters, digits, full stops, hyphens and underscores, 60 at most, and begin with "
            "a letter or digit."
        )
    return text


def split_name(cell: str) -> tuple[str, str]:
    """First and last name from "Wren Marlowe" or "Marlowe, Wren"."""
    text = " ".join(cell.split())
    if "," in text:
        last, _, first = text.partition(",")
        return first.strip(), last.strip()
    first, _, last = text.rpartition(" ")
    return (first, last) if first else (last, "")


def roles(cell: str) -> frozenset[str]:
    """ "Mentor", "mentee", "both", "mentor and mentee" → the roles; none for an empty cell."""
    found = set()
    for word in re.split(r"[\s,;/|&+]+", cell.casefold().strip()):
        if word in ("mentor", "mentors"):
            found.add("mentor")
        elif word in ("mentee", "mentees"):
            found.add("mentee")
        elif word == "both":
            found |= {"mentor", "mentee"}
        elif word not in ("", "and", "none"):
            raise CellRefused("Write mentor, mentee or both.")
    return frozenset(found)


def yes_or_no(cell: str) -> bool | None:
    """Yes, no, or nothing said."""
    word = cell.strip().casefold()
    if not word:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise CellRefused("Write yes or no.")


def standing(cell: str) -> str:
    """How somebody stands with the society: current, lapsed or ended; "" for an empty cell."""
    words = " ".join(re.sub(r"[^\w]+|_", " ", cell.casefold()).split())
    if not cell.strip():
        return ""
    found = _STANDING_OF.get(words) or _STANDING_OF.get(words.removesuffix(" member"))
    if found is None:
        raise CellRefused("Write current, lapsed or ended.")
    return found


def member_number(cell: str) -> str:
    """A number of the society's, which may hold letters: "0042", "M/17"."""
    text = shown(whole(cell) if cell.strip().endswith(".0") else cell)
    if text.startswith("="):
        raise CellRefused("This is a formula. Put its result in its place.")
    if len(text) > LONGEST_MEMBER_NUMBER:
        raise CellRefused(f"Use {LONGEST_MEMBER_NUMBER} characters or fewer.")
    return text


def whole(cell: str) -> str:
    """A number as spreadsheets write it: "3.0" is 3."""
    return re.sub(r"\.0+$", "", cell.strip())


class Reader:
    """Reads the cells of one profile field.

    labels: option keys by label and key. retired: options that only whoever has them may keep.
    """

    def __init__(
        self, rule: FieldRule, labels: Mapping[str, str], retired: frozenset[str] = frozenset()
    ) -> None:
        self.rule = rule
        self.retired = retired
        self._keys = {_folded(label): key for label, key in labels.items()}
        self._read: Callable[[str], object] = {
            Kind.CHOICE: self._choice,
            Kind.CHOICES: self._choices,
            Kind.BOOLEAN: yes_or_no,
            Kind.NUMBER: whole,
            Kind.DATE: _date,
        }.get(rule.kind, str)
        self._known: dict[str, Answer | None] = {}

    def __call__(self, cell: str) -> Answer | None:
        """The answer as a profile keeps it; None for an empty cell. Raises CellRefused."""
        if cell in self._known:
            return self._known[cell]
        if not cell.strip():
            return None
        try:
            answer = clean(self.rule, self._read(cell))
        except AnswerRefusedError as refusal:
            raise CellRefused(str(refusal)) from None
        if len(self._known) < 2000:
            self._known[cell] = answer
        return answer

    def check_kept(self, answer: Answer, held: Answer | None) -> None:
        """Refuse an option out of use for whoever has not chosen it before. Raises CellRefused."""
        if not self.retired:
            return
        chosen = set(answer) if isinstance(answer, list) else {answer}
        kept = set(held) if isinstance(held, list) else {held}
        if chosen & self.retired - kept:
            raise CellRefused("This answer is no longer among those in the list.")

    def _choice(self, cell: str) -> str:
        key = self._keys.get(_folded(cell))
        if key is None:
            raise CellRefused(f"“{_short(cell)}” is not one of the answers in the list.")
        return key

    def _choices(self, cell: str) -> list[str]:
        whole_cell = self._keys.get(_folded(cell))
        if whole_cell is not None:
            return [whole_cell]
        unknown = ""
        for sign in _PARTS:
            if sign not in cell:
                continue
            parts = [part for part in cell.split(sign) if part.strip()]
            keys = [self._keys.get(_folded(part)) for part in parts]
            strange = [part for part, key in zip(parts, keys, strict=True) if key is None]
            if not strange:
                return [key for key in keys if key is not None]
            unknown = unknown or strange[0]
        raise CellRefused(f"“{_short(unknown or cell)}” is not one of the answers in the list.")


def _date(cell: str) -> str:
    """ISO days as they are; 9/3/2027 and 9.3.2027 with the day first, as in Britain."""
    text = cell.strip().removesuffix(" 00:00:00")
    found = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text)
    if found is None:
        return text
    day, month, year = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def _zone(text: str) -> str:
    if not text:
        return ""
    found = _zones().get(text.casefold().replace(" ", "_"))
    if found is None:
        raise CellRefused("There is no such time zone. Write it like Europe/London.")
    return found


@cache
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in time_zones()}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _short(text: str) -> str:
    text = shown(text)
    return text if len(text) <= 40 else f"{text[:39]}…"
