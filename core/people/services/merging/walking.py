"""Walks every foreign key to a person, as the rules say (generic: no model is named here)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, UniqueConstraint

from core.accounts.models import Person
from core.people.services.merging.rules import KEYS, RULES, Rule, Way

Field = ForeignKey[Any, Any]


@dataclass(frozen=True)
class Pointer:
    """A foreign key to a person, and what becomes of it."""

    model: type[Model]
    field: Field
    rule: Rule

    def rows(self, person: Person) -> Any:
        """The rows that point to this person."""
        return self.model._base_manager.filter(**{self.field.name: person})


def name_of(model: type[Model], field: Field) -> str:
    """ "goals.Goal.owner"."""
    return f"{model._meta.label}.{field.name}"


def foreign_keys() -> Iterator[tuple[type[Model], Field]]:
    """Every foreign key to a person that has a table of its own, hidden ones too."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is Person:
                yield model, field


def pointers() -> list[Pointer]:
    """All of them with their rules. Raises LookupError for one that nobody has thought of."""
    found = []
    for model, field in foreign_keys():
        if model._meta.label in _JOINS:
            continue
        rule = RULES.get(name_of(model, field))
        if rule is None:
            raise LookupError(f"no rule says what becomes of {name_of(model, field)} in a merge")
        found.append(Pointer(model, field, rule))
    return found


# Django's own groups and permissions of a person: nobody has any here.
_JOINS = frozenset({"accounts.Person_groups", "accounts.Person_user_permissions"})


def move_all(kept: Person, closed: Person) -> dict[str, int]:
    """Move what the rules say; out: {"goals.Goal.owner": 3} of what moved."""
    moved: dict[str, int] = {}
    walked = [one for one in pointers() if one.rule.way in (Way.MOVE, Way.ONE_OF_TWO)]
    for one in walked:
        if one.rule.way is Way.ONE_OF_TWO:
            _part_from(one, kept, closed)
    for one in walked:
        if count := one.rows(closed).update(**{one.field.name: kept}):
            moved[name_of(one.model, one.field)] = count
    for label, column in KEYS:
        rows = apps.get_model(label)._base_manager.filter(**{column: closed.pk})
        rows.update(**{column: kept.pk})
    return moved


def _part_from(one: Pointer, kept: Person, closed: Person) -> None:
    """Take away rows that would point from the kept account to itself, or be there twice."""
    for other in _person_fields(one.model):
        if other != one.field.name:
            one.rows(closed).filter(**{other: kept}).delete()
    for twin in twins(one, kept, closed):
        one.model._base_manager.filter(pk=twin).delete()


def twins(one: Pointer, kept: Person, closed: Person) -> set[Any]:
    """Keys of the closed account's rows that the kept account has already, by any constraint."""
    found: set[Any] = set()
    for fields, condition in _unique_sets(one.model, one.field.name):
        others = [name for name in fields if name != one.field.name]
        known = set(one.rows(kept).filter(condition).values_list(*others)) if others else set()
        if not others:
            if one.rows(kept).filter(condition).exists():
                found |= set(one.rows(closed).filter(condition).values_list("pk", flat=True))
            continue
        for key, *values in one.rows(closed).filter(condition).values_list("pk", *others):
            if tuple(values) in known:
                found.add(key)
    return found


def _person_fields(model: type[Model]) -> list[str]:
    return [
        field.name
        for field in model._meta.local_concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Person
    ]


def _unique_sets(model: type[Model], name: str) -> Iterator[tuple[tuple[str, ...], Q]]:
    if model._meta.get_field(name).unique:  # type: ignore[union-attr]
        yield (name,), Q()
    for one in model._meta.unique_together:
        if name in one:
            yield tuple(one), Q()
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and name in constraint.fields:
            yield tuple(constraint.fields), constraint.condition or Q()
