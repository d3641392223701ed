"""Carries out what the data map says becomes of a person's rows when they are erased."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet, RestrictedError

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.models import AuditEntry
from core.kernel.personal import Blank, Kept, Kind, Remove, Stay, Unname
from core.privacy.rules import FORMER

TRAIL = "kernel.AuditEntry"
OWN = frozenset({TRAIL, "kernel.OutboxMail", "privacy.ErasureRequest"})
"""Tables with steps of their own."""
FLEETING = (
    ("kernel.Paper", "stored_as"),
    ("people.Export", "stored_as"),
    ("privacy.Export", "stored_as"),
)
"""Files that are made anew when somebody wants them: all of them go, whoever ordered them."""
Keys = Mapping[str, Sequence[Any]]


class Counts(Counter[str]):
    """Rows by the label of their model, and the names of files that go after commit."""

    def __init__(self) -> None:
        super().__init__()
        self.files: set[str] = set()


@dataclass(frozen=True)
class Fate:
    """What becomes of one table's rows: for the preview."""

    kept: Kept
    way: str
    count: int


def plan(people: Iterable[Person]) -> list[Fate]:
    """What there is about somebody; `way` is "remove", "blank", "unname" or "stay"."""
    found = keys_of(list(people))
    return [
        Fate(kept, _way(kept), len(found[kept.label]))
        for kept in _about_people()
        if found[kept.label]
    ]


def keys_of(people: Sequence[Person]) -> dict[str, list[Any]]:
    """The keys of all rows that are about them, by model, before anything is changed."""
    return {
        kept.label: list(personal.rows_of(kept, *people).values_list("pk", flat=True))
        for kept in _about_people()
    }


def strip(keys: Keys, counts: Counts) -> None:
    """Remove, empty or keep these rows, as the map says; files are only named in `counts`."""
    rules = [kept for kept in _about_people() if kept.label not in OWN and keys[kept.label]]
    removed = [kept for kept in rules if isinstance(kept.on_erase, Remove)]
    blanked = [kept for kept in rules if isinstance(kept.on_erase, Blank)]
    for kept in (*removed, *blanked):
        counts.files |= _files(kept, keys[kept.label])
    _remove(removed, keys, counts)
    for kept in blanked:
        _blank(kept, keys[kept.label])
        counts[kept.label] += len(keys[kept.label])


def strip_names(person: Person, counts: Counts) -> None:
    """Copies of the name go from rows that stay, and from the trail.

    The deeds stay, who did them does not; what was noted about the account goes.

    Deeds of the programme team keep what they say about the institute.
    """
    _unname_copies(person)
    own = Q(thing_type=Person._meta.label, thing_id=str(person.pk))
    if not person.is_staff:
        own |= Q(actor_id=person.pk)
    counts[TRAIL] += AuditEntry.objects.filter(own).exclude(facts={}).update(facts={})
    for key, name in (("actor_id", "actor_name"), ("behind_id", "behind_name")):
        AuditEntry.objects.filter(**{key: person.pk}).update(**{name: FORMER})


def throw_fleeting_files_away(counts: Counts) -> None:
    """PDFs and lists that were made before may show the name."""
    for label, field in FLEETING:
        rows = apps.get_model(label)._base_manager.exclude(**{field: ""})
        counts.files |= set(rows.values_list(field, flat=True))
        removed = rows.delete()[0]
        if removed:
            counts[label] += removed


def _about_people() -> list[Kept]:
    return [kept for kept in personal.everything() if kept.about_people]


def _way(kept: Kept) -> str:
    if kept.label in OWN:
        return "remove" if isinstance(kept.on_erase, Remove) else "blank"
    return {Remove: "remove", Blank: "blank", Unname: "unname", Stay: "stay"}[type(kept.on_erase)]


def _files(kept: Kept, keys: Sequence[Any]) -> set[str]:
    """Files that these rows name, of fields that go: all of removed rows."""
    fields = kept.of_kind(Kind.FILE)
    if isinstance(kept.on_erase, Blank):
        fields = tuple(name for name in fields if name in kept.on_erase.values)
    rows = _doomed(kept, keys)
    return {str(name) for field in fields for name in rows.values_list(field, flat=True) if name}


def _doomed(kept: Kept, keys: Sequence[Any]) -> QuerySet[Any]:
    """The rows to which the rule applies."""
    rows = kept.model._base_manager.filter(pk__in=keys)
    only = kept.on_erase.only if isinstance(kept.on_erase, Remove) else None
    return rows if only is None else rows.filter(only)


def _unname_copies(person: Person) -> None:
    """Empty what is this person's own in rows that stay, such as a copy of the name."""
    for kept in personal.everything():
        for field, path in kept.belongs.items():
            said = FORMER if kept.fields.get(field) in (Kind.IDENTITY, Kind.NONE) else ""
            rows = kept.model._base_manager.filter(**{path: person.pk})
            kept.model._base_manager.filter(pk__in=rows.values("pk")).exclude(**{field: ""}).update(
                **{field: said}
            )


def _remove(rules: Sequence[Kept], keys: Keys, counts: Counts) -> None:
    """Delete rows; those that others hold on to wait until these are gone."""
    waiting = list(rules)
    while waiting:
        held: list[Kept] = []
        for kept in waiting:
            try:
                with transaction.atomic():
                    rows = _doomed(kept, keys[kept.label])
                    count = rows.count()
                    rows.delete()
            except (ProtectedError, RestrictedError):
                held.append(kept)
            else:
                counts[kept.label] += count
        if len(held) == len(waiting):
            raise LookupError(f"rows of {held[0].label} are held by rows that stay")
        waiting = held


def _blank(kept: Kept, keys: Sequence[Any]) -> None:
    """Values that are made are made anew for every row."""
    assert isinstance(kept.on_erase, Blank)
    values = kept.on_erase.values
    rows = kept.model._base_manager
    if not any(callable(value) for value in values.values()):
        rows.filter(pk__in=keys).update(**values)
        return
    for key in keys:
        rows.filter(pk=key).update(**{n: v() if callable(v) else v for n, v in values.items()})
