"""The map of what is stored about people: every field of every table is on it exactly once.

    # <app>/personal.py, found when the apps are ready
    personal.keeps(
        Kept(
            "goals.Goal",
            "Goals",
            group=Group.WORK,
            purpose="So that you and your mentor can see what you work towards.",
            seen_by="You and your mentor.",
            people=("owner",),
            fields=kinds(words="label details", activity="created_at", none="version"),
            none_because="counts saves",
            shared=True,
            on_erase=Remove(),
        ),
        nothing("help.Faq", "texts of the institute", "key audience topic question answer order"),
    )

The page of a person, their download, erasing and retention are all drawn from here, so nothing can
be stored that they do not know of: `tests/core/privacy/test_data_map.py` names a field without an
entry. Tables are named by their label ("goals.Goal"), so a room may answer for those of a library.
Keys need no kind: those of people are sorted into `people`, `named` and `unseen`, the others lead
from row to row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet


class Kind(StrEnum):
    """What a field can say about somebody."""

    IDENTITY = "identity"
    """Names, numbers, titles, roles: who somebody is."""
    CONTACT = "contact"
    """Where somebody is reached."""
    WORDS = "words"
    """Free text."""
    CHOICES = "choices"
    """Answers and settings picked from what was offered."""
    FILE = "file"
    """The name of a file in the institute's storage."""
    ACTIVITY = "activity"
    """Times, counts, states: what happened."""
    TECHNICAL = "technical"
    """Addresses of computers, browsers, keys of forms."""
    SECRET = "secret"  # noqa: S105 - a kind, not a secret
    """What would open a door: never shown, never handed out."""
    NONE = "none"
    """Says nothing of anybody; the entry tells why."""


class Group(StrEnum):
    """Where an entry stands on the page."""

    ACCOUNT = "Your account"
    PROFILE = "Your profile"
    RELATIONSHIPS = "Your relationships"
    MESSAGES = "Messages and calls"
    WORK = "Goals, meetings and notes"
    LEARNING = "Diary, guides and CPD"
    FEEDBACK = "Feedback and messages to the team"
    SIGN_IN = "Signing in and safety"
    RECORDS = "Records that the institute keeps"
    STAFF = "Work for the programme team"


ONLY_YOU = "Only you"
THE_TWO = "You and your partner in the relationship"
YOU_AND_TEAM = "You and the {programme_team}"
TEAM = "The {programme_team}"
NOBODY = "Nobody: it works by itself"
NEVER = Q(pk__isnull=True)
"""Fits no row."""


@dataclass(frozen=True)
class Remove:
    """The rows go, and the files that they name; with `only`, those that it fits go and the others
    stay as they are."""

    only: Q | None = None


@dataclass(frozen=True, init=False)
class Blank:
    """The rows stay with these fields set to these values; what can be called is called once for
    each person. The files of blanked fields of the kind FILE go."""

    values: Mapping[str, Any]

    def __init__(self, **values: Any) -> None:
        object.__setattr__(self, "values", MappingProxyType(values))


@dataclass(frozen=True)
class Unname:
    """The rows stay as they are; the account that they point to has no name any more."""


@dataclass(frozen=True)
class Stay:
    """The rows stay, names and all."""

    reason: str


OnErase = Remove | Blank | Unname | Stay


@dataclass(frozen=True)
class Asked:
    """What the keys of answers meant to those who gave them: labels, and labels of options."""

    labels: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """The form to which the keys in a field belong.

    read: from the document of an edition, and what `within` says, to the words. edition: the path
    of keys from a row to the edition that was filled in, "" for a form that has none; within: the
    path to the part of it.
    """

    read: Callable[[Mapping[str, Any], str], Asked]
    edition: str = ""
    within: str = ""


@dataclass(frozen=True)
class Kept:
    """A table and what it says about people.

    label: of the model. title, purpose, seen_by: words for the person; `{request.plural}` and the
    like are put into the institute's words. people: paths of keys from a row to those whom it is
    about, along keys that a row holds (never back from others). also: finds rows that name a person
    by something else than a key. named: keys of others whose name the person knows; unseen: keys of
    those who are not told to the person, such as who dealt with a matter. shared: it is another
    person's too. belongs: {field: path} of what is one person's in a row that is about several,
    such as a copy of a name: handed out to that one alone, blanked when that one is erased. shown:
    which of the rows are shown and handed out, and in `hidden_because` why not the others.
    withheld: fields that are not handed out, each with the reason. forms: {field: form} whose keys
    stand in the field. beside: {label: path} of what a row needs beside it to be understood, such
    as the title of the goal to which a step belongs; with_whom: paths to people who are named
    beside it, left out where `people` says it of a shared row. is_talk: rows are read one after the
    other as what `sender` said at `sent_at` in `text`. kept_for: how long, where rows
    go by themselves ("One day"); retention: the key of a rule that removes rows by age.
    """

    label: str
    title: str
    purpose: str
    people: tuple[str, ...]
    fields: Mapping[str, Kind]
    on_erase: OnErase
    group: Group = Group.RECORDS
    seen_by: str = ""
    also: Callable[[Any], Q] | None = None
    named: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    shared: bool = False
    belongs: Mapping[str, str] = field(default_factory=dict)
    shown: Q | None = None
    hidden_because: str = ""
    withheld: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    with_whom: tuple[str, ...] = ()
    is_talk: bool = False
    none_because: str = ""
    kept_for: str = ""
    retention: str | None = None

    @property
    def model(self) -> type[Model]:
        """The model of the table."""
        return apps.get_model(self.label)

    @property
    def about_people(self) -> bool:
        """Whether the rows are about anybody at all."""
        return bool(self.people) or self.also is not None

    @property
    def partners(self) -> tuple[str, ...]:
        """Paths to the people who are named beside a row that does not name them itself."""
        far = self.people if self.shared else ()
        return self.with_whom or tuple(path for path in far if "__" in path)

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        """The names of the fields of some kinds."""
        return tuple(name for name, kind in self.fields.items() if kind in kinds)


_kept: dict[str, Kept] = {}


def keeps(*kept: Kept) -> None:
    """Put tables on the map. Raises ValueError for one that is there already, or half described."""
    for one in kept:
        if one.label in _kept and _kept[one.label] is not one:
            raise ValueError(f"{one.label} is on the map of personal data already")
        if Kind.NONE in one.fields.values() and not one.none_because:
            raise ValueError(f"{one.label}: say why some of its fields say nothing about anybody")
        if one.about_people and not (one.title and one.purpose and one.seen_by):
            raise ValueError(f"{one.label}: say what it is, what for, and who sees it")
        if one.shown is not None and not one.hidden_because:
            raise ValueError(f"{one.label}: say why some rows are not shown")
        _kept[one.label] = one


def kinds(
    *,
    identity: str = "",
    contact: str = "",
    words: str = "",
    choices: str = "",
    file: str = "",
    activity: str = "",
    technical: str = "",
    sealed: str = "",
    none: str = "",
) -> dict[str, Kind]:
    """Fields by their kind, each list parted by blanks. Raises ValueError for one named twice."""
    sorted_: dict[str, Kind] = {}
    for kind, names in (
        (Kind.IDENTITY, identity),
        (Kind.CONTACT, contact),
        (Kind.WORDS, words),
        (Kind.CHOICES, choices),
        (Kind.FILE, file),
        (Kind.ACTIVITY, activity),
        (Kind.TECHNICAL, technical),
        (Kind.SECRET, sealed),
        (Kind.NONE, none),
    ):
        for name in names.split():
            if name in sorted_:
                raise ValueError(f"{name} is of two kinds")
            sorted_[name] = kind
    return sorted_


def nothing(
    label: str,
    reason: str,
    names: str = "",
    *,
    sealed: str = "",
    staff: str = "",
    unseen: tuple[str, ...] = (),
    belongs: Mapping[str, str] | None = None,
) -> Kept:
    """An entry for a table that says nothing about anybody: why, and the fields all the same.

    unseen: keys of people who only worked on it; belongs: copies of their names with the keys;
    staff: fields that name somebody of the team without a key.
    """
    return Kept(
        label,
        title="",
        purpose="",
        people=(),
        fields=kinds(none=names, identity=" ".join((*(belongs or ()), staff)), sealed=sealed),
        on_erase=Stay(reason),
        none_because=reason,
        unseen=unseen,
        belongs=belongs or {},
    )


def everything() -> tuple[Kept, ...]:
    """The whole map, in the order of the groups and their titles."""
    places = {group: place for place, group in enumerate(Group)}
    return tuple(sorted(_kept.values(), key=lambda one: (places[one.group], one.title, one.label)))


def kept_as(label: str) -> Kept:
    """The entry of a model. Raises KeyError."""
    return _kept[label]


def rows_of(kept: Kept, *people: Any) -> QuerySet[Any]:
    """The rows of a table that are about a person (anything with a `pk`), each once.

    Several people are one whose accounts were merged.
    """
    rows = kept.model._base_manager.all()
    found = [Q(**{path: person.pk}) for person in people for path in kept.people]
    if kept.also is not None:
        found += [kept.also(person) for person in people]
    if not found:
        return rows.none()
    asked = found[0]
    for one in found[1:]:
        asked |= one
    return rows.filter(asked)


@dataclass(frozen=True)
class Retention:
    """A rule by which rows go when they are old.

    title: what it removes, for staff. default_days: None keeps them until an institute says
    otherwise. least_days: nobody may choose fewer. due: the rows that were old at a time.
    remove: takes them away with their files and says how many. example: a row in words, for staff.
    """

    key: str
    title: str
    default_days: int | None
    least_days: int
    due: Callable[[datetime], QuerySet[Any]]
    remove: Callable[[QuerySet[Any]], int]
    example: Callable[[Any], str] = str


_rules: dict[str, Retention] = {}


def retention(
    key: str,
    title: str,
    *,
    default_days: int | None,
    least_days: int,
    due: Callable[[datetime], QuerySet[Any]],
    remove: Callable[[QuerySet[Any]], int],
    example: Callable[[Any], str] = str,
) -> Retention:
    """Register a rule. Raises ValueError for a key that another rule has."""
    if key in _rules:
        raise ValueError(f"two rules of retention are called {key}")
    _rules[key] = Retention(key, title, default_days, least_days, due, remove, example)
    return _rules[key]


def retentions() -> Mapping[str, Retention]:
    """Every rule by its key."""
    return MappingProxyType(_rules)
