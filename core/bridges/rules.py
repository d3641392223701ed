"""What a provider's claims mean here (pure: no database). Source: product A6, issue of bridges."""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Names
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.kernel.rights import StaffRole

LONGEST_VALUE = 2000
LONGEST_SUBJECT = 255
LONGEST_ADDRESS = 254
MOST_GROUPS = 500
TAKEN_KEYS = frozenset({"new", "rescue"})
RESCUE_PURPOSE = "bridges-rescue"
RESCUE_LIVES = timedelta(minutes=15)

Claim = Annotated[str, Field(max_length=200)]
Words = tuple[Annotated[str, Field(min_length=1, max_length=120)], ...]
Standing = Literal["current", "lapsed", "ended"]


class Kind(StrEnum):
    """How a provider speaks."""

    OIDC = "oidc"
    SAML = "saml"


class State(StrEnum):
    """How far a provider is open: to nobody, to staff who try it, to everybody."""

    OFF = "off"
    TEST = "test"
    ON = "on"


class Mapping(BaseModel):
    """Which claim or attribute gives what; an empty name is not read.

    subject: by which people are known again, of SAML where its NameID does not last.
    fields: profile field → claim. roles: value of the groups' claim → role on the programme team;
    of several the first that fits counts. A status that none of the words knows counts as lapsed
    when the words for current members are set.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    subject: Claim = ""
    email: Claim = "email"
    email_verified: Claim = "email_verified"
    first_name: Claim = "given_name"
    last_name: Claim = "family_name"
    number: Claim = ""
    status: Claim = ""
    current_words: Words = Field(default=(), max_length=30, strict=False)
    lapsed_words: Words = Field(default=(), max_length=30, strict=False)
    ended_words: Words = Field(default=(), max_length=30, strict=False)
    fields: dict[Annotated[str, Field(min_length=1, max_length=60)], Claim] = Field(
        default_factory=dict, max_length=60
    )
    groups: Claim = ""
    roles: dict[
        Annotated[str, Field(min_length=1, max_length=200)],
        Annotated[StaffRole, Field(strict=False)],
    ] = Field(default_factory=dict, max_length=30)

    @model_validator(mode="after")
    def words_mean_one_thing(self) -> Self:
        """Refuse a word that would mean two standings."""
        every = [
            word.casefold()
            for words in (self.current_words, self.lapsed_words, self.ended_words)
            for word in set(words)
        ]
        if len(every) != len(set(every)):
            raise ValueError("a word of the status can mean one thing only")
        return self


FIRST_MAPPINGS: Final = {
    Kind.OIDC: Mapping(),
    Kind.SAML: Mapping(email="mail", email_verified="", first_name="givenName", last_name="sn"),
}
"""What a new provider's claims mean until staff say otherwise."""


@dataclass(frozen=True)
class Arrival:
    """What a provider says of somebody, in our terms. status is None when it is not read."""

    subject: str
    email: str = ""
    email_verified: bool = False
    first_name: str = ""
    last_name: str = ""
    number: str = ""
    status: Standing | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    role: StaffRole | None = None


def is_name(subject: str) -> bool:
    """Whether somebody, or a session, can be known by this: some signs, none of them hidden."""
    return 0 < len(subject) <= LONGEST_SUBJECT and subject.isprintable() and bool(subject.strip())


def read(mapping: Mapping, claims: Names[str, Any], subject: str, *, trusts: bool) -> Arrival:
    """What the claims say. trusts: an address counts as verified unless the provider denies it."""
    groups = tuple(_texts(_value(claims, mapping.groups)))
    said = _value(claims, mapping.email_verified)
    addresses = tuple(_texts(_value(claims, mapping.email)))
    email = _address(addresses[0]) if addresses else ""
    if len(addresses) > 1 and said is not None:
        said = False  # of which of them?
    return Arrival(
        subject=subject,
        email=email,
        email_verified=bool(email) and (trusts if said is None else _is_true(said)),
        first_name=_text(_value(claims, mapping.first_name)),
        last_name=_text(_value(claims, mapping.last_name)),
        number=_text(_value(claims, mapping.number)),
        status=_standing(mapping, _value(claims, mapping.status)) if mapping.status else None,
        answers={
            key: value
            for key, claim in mapping.fields.items()
            if (value := _answer(_value(claims, claim))) not in (None, "", [])
        },
        groups=groups,
        role=next((role for value, role in mapping.roles.items() if value in groups), None),
    )


def _value(claims: Names[str, Any], name: str) -> Any:
    """A claim by its name, or down a path of names with full stops between."""
    if not name:
        return None
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


def _texts(value: Any) -> Iterable[str]:
    if value is None:
        return
    for one in value[:MOST_GROUPS] if isinstance(value, list | tuple) else [value]:
        if isinstance(one, str | int | float):
            yield _plain(str(one)[:LONGEST_VALUE])


def _plain(text: str) -> str:
    """Without signs that nobody sees: no row of ours can hold all of them."""
    return "".join(sign for sign in text if sign.isprintable() or sign.isspace())


def _address(text: str) -> str:
    """An e-mail address in small letters, or "" for what is none.

    Of plain signs alone: others become letters of somebody else's address when they are made small.
    """
    try:
        validate_email(text := text.strip())
    except ValidationError:
        return ""
    return text.lower() if text.isascii() and len(text) <= LONGEST_ADDRESS else ""


def _answer(value: Any) -> Any:
    """What a profile field can be asked to take: a plain value, or a list of such."""
    if isinstance(value, list | tuple):
        return list(_texts(value))
    if isinstance(value, str):
        return _plain(value[:LONGEST_VALUE])
    return value if isinstance(value, int | float) else None


def _text(value: Any) -> str:
    """The first value in one line."""
    return re.sub(r"\s+", " ", next(iter(_texts(value)), "")).strip()


def _is_true(value: Any) -> bool:
    return value is True or _text(value).casefold() in ("true", "1", "yes")


def _standing(mapping: Mapping, value: Any) -> Standing:
    said = {text.strip().casefold() for text in _texts(value)}
    known: tuple[tuple[Words, Standing], ...] = (
        (mapping.ended_words, "ended"),
        (mapping.lapsed_words, "lapsed"),
        (mapping.current_words, "current"),
    )
    for words, standing in known:
        if said & {word.casefold() for word in words}:
            return standing
    return "lapsed" if mapping.current_words else "current"
