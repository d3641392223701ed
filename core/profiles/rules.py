"""What counts as an answer: kinds, lengths, options, numbers, dates and links. No database."""

import datetime
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

SHORT_TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 4000
LINK_LENGTH = 500
CAPACITY_LIMIT = 50
FIRST_YEAR = 1900
LAST_YEAR = 2200
WHOLE_NUMBER_LIMIT = 10**12

CAPACITY = "capacity"
"""The name under which the mentor's number of mentees is refused or missing."""

Answer = str | int | bool | list[str]


class Kind(StrEnum):
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    LINK = "link"


class Audience(StrEnum):
    MENTOR = "mentor"
    MENTEE = "mentee"
    BOTH = "both"


class Visibility(StrEnum):
    EVERYONE = "everyone"
    PARTNER = "partner"
    STAFF = "staff"


class Relation(StrEnum):
    """How the person who looks at a profile stands to its owner."""

    EVERYONE = "everyone"
    PARTNER = "partner"
    STAFF = "staff"
    OWNER = "owner"


SEES: Mapping[Relation, frozenset[Visibility]] = {
    Relation.EVERYONE: frozenset({Visibility.EVERYONE}),
    Relation.PARTNER: frozenset({Visibility.EVERYONE, Visibility.PARTNER}),
    Relation.STAFF: frozenset(Visibility),
    Relation.OWNER: frozenset(Visibility),
}


class AnswerRefusedError(ValueError):
    """One answer cannot be kept; the text is for the person who gave it."""


@dataclass(frozen=True, kw_only=True)
class FieldRule:
    """What one field asks of its answer."""

    key: str
    label: str
    kind: Kind
    required: bool = False
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    options: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The answers that can be kept, and a message for each that cannot."""

    values: dict[str, Answer]
    messages: dict[str, str]


def check(
    rules: Sequence[FieldRule], answers: Mapping[str, object], *, draft: bool = False
) -> Checked:
    """Check all answers against the fields (product B1).

    In: the fields' rules and raw answers by field key; keys without a field are left out.
    Out: clean values without the empty ones, and messages by key. A draft may miss required ones.
    """
    values: dict[str, Answer] = {}
    messages: dict[str, str] = {}
    for rule in rules:
        try:
            value = clean(rule, answers.get(rule.key))
        except AnswerRefusedError as refusal:
            messages[rule.key] = str(refusal)
            continue
        if value is not None:
            values[rule.key] = value
        elif rule.required and not draft:
            messages[rule.key] = missing_message(rule)
    return Checked(values=values, messages=messages)


def clean(rule: FieldRule, raw: object) -> Answer | None:
    """Give the answer as it is stored, or None for an empty one.

    Errors: AnswerRefusedError with a sentence for the person.
    """
    if raw is None or raw == "" or raw == []:
        return None
    return _CLEANERS[rule.kind](rule, raw)


def is_empty(value: object) -> bool:
    """Tell whether a stored value says nothing ("no" to a yes/no question says something)."""
    return value is None or value == "" or value == []


def missing_message(rule: FieldRule) -> str:
    """The sentence beside a required field that was left empty (the label stands above it)."""
    match rule.kind:
        case Kind.CHOICE | Kind.BOOLEAN:
            return "Choose an answer."
        case Kind.CHOICES:
            return "Choose at least one."
        case Kind.DATE:
            return "Enter a date."
        case _:
            return "Fill this in."


def clean_capacity(raw: object) -> int:
    """How many mentees a mentor takes at once: a whole number from 1 to 50 (product B10)."""
    number = _whole(raw)
    if number is None or not 1 <= number <= CAPACITY_LIMIT:
        raise AnswerRefusedError(f"Enter a whole number from 1 to {CAPACITY_LIMIT}.")
    return number


def date_from_parts(day: str, month: str, year: str) -> str | None:
    """Put the Day, Month and Year boxes together as an ISO date; None when all are empty."""
    parts = [part.strip() for part in (day, month, year)]
    if not any(parts):
        return None
    names = ("day", "month", "year")
    absent = [name for name, part in zip(names, parts, strict=True) if not part]
    if absent:
        raise AnswerRefusedError(f"The date must include a {' and a '.join(absent)}.")
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise AnswerRefusedError("Enter the date in numbers, for example 27 3 2026.")
    if len(parts[2]) != 4:
        raise AnswerRefusedError("The year must have four numbers, for example 2026.")
    try:
        return datetime.date(int(parts[2]), int(parts[1]), int(parts[0])).isoformat()
    except ValueError:
        raise AnswerRefusedError("Enter a real date, for example 27 3 2026.") from None


def _text(rule: FieldRule, raw: object) -> str | None:
    if not isinstance(raw, str):
        raise AnswerRefusedError("Enter words here.")
    long = rule.kind == Kind.LONG_TEXT
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if any(
        unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in text
    ):
        raise AnswerRefusedError("Take out the characters that cannot be shown.")
    text = unicodedata.normalize("NFC", text if long else " ".join(text.split())).strip()
    limit = rule.max_length or (LONG_TEXT_LENGTH if long else SHORT_TEXT_LENGTH)
    if len(text) > limit:
        over = len(text) - limit
        raise AnswerRefusedError(
            f"Use {limit} characters or fewer. This is {over} character{'s' * (over > 1)} too many."
        )
    return text or None


def _choice(rule: FieldRule, raw: object) -> str:
    if not isinstance(raw, str) or raw not in rule.options:
        raise AnswerRefusedError("Choose one of the answers in the list.")
    return raw


def _choices(rule: FieldRule, raw: object) -> list[str]:
    if not isinstance(raw, list | tuple) or any(
        not isinstance(key, str) or key not in rule.options for key in raw
    ):
        raise AnswerRefusedError("Choose from the answers in the list.")
    given = set(raw)
    chosen = [key for key in rule.options if key in given]
    if rule.maximum is not None and len(chosen) > rule.maximum:
        raise AnswerRefusedError(f"Choose {rule.maximum} at most. You have chosen {len(chosen)}.")
    if rule.minimum is not None and len(chosen) < rule.minimum:
        raise AnswerRefusedError(f"Choose at least {rule.minimum}.")
    return chosen


def _number(rule: FieldRule, raw: object) -> int:
    number = _whole(raw)
    if number is None or abs(number) > WHOLE_NUMBER_LIMIT:
        raise AnswerRefusedError("Enter a whole number, for example 12.")
    if rule.minimum is not None and number < rule.minimum:
        raise AnswerRefusedError(f"Enter {rule.minimum} or more.")
    if rule.maximum is not None and number > rule.maximum:
        raise AnswerRefusedError(f"Enter {rule.maximum} or less.")
    return number


def _boolean(rule: FieldRule, raw: object) -> bool:
    if raw is True or raw == "yes":
        return True
    if raw is False or raw == "no":
        return False
    raise AnswerRefusedError("Choose yes or no.")


def _date(rule: FieldRule, raw: object) -> str:
    message = "Enter a real date, for example 27 3 2026."
    if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        raise AnswerRefusedError(message)
    try:
        date = datetime.date.fromisoformat(raw)
    except ValueError:
        raise AnswerRefusedError(message) from None
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise AnswerRefusedError(f"The year must be between {FIRST_YEAR} and {LAST_YEAR}.")
    return date.isoformat()


def _link(rule: FieldRule, raw: object) -> str | None:
    message = "Enter a web address, for example https://www.example.org."
    if not isinstance(raw, str):
        raise AnswerRefusedError(message)
    link = raw.strip()
    if not link:
        return None
    if len(link) > (rule.max_length or LINK_LENGTH):
        raise AnswerRefusedError(f"Use {rule.max_length or LINK_LENGTH} characters or fewer.")
    if re.search(r"[\s\\<>\"'`]", link) or any(
        unicodedata.category(letter).startswith("C") for letter in link
    ):
        raise AnswerRefusedError(message)
    if not re.match(r"https?://", link, re.IGNORECASE):
        if ":" in link.split("/", 1)[0]:
            raise AnswerRefusedError(message)
        link = f"https://{link}"
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise AnswerRefusedError(message) from None
    if not host or "." not in host.strip(".") or "@" in parts.netloc:
        raise AnswerRefusedError(message)
    return link


def _whole(raw: object) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"-?[0-9]{1,15}", raw.strip()):
        return int(raw)
    return None


_CLEANERS = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.LINK: _link,
}


def key_from(label: str, taken: Collection[str]) -> str:
    """A key that says what the label says: small letters, digits and underscores, used by nobody
    else."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    if not key or not key[0].isalpha():
        key = f"own_{key}".rstrip("_")
    number, found = 2, key
    while found in taken:
        found, number = f"{key}_{number}", number + 1
    return found
