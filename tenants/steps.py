"""Taking the steps of migrations with no more models than each of them looks at.

Django keeps all models of a project at hand while it migrates, and makes many of them anew after
nearly every step: nine tenths of the time that a fresh schema takes. Most kinds of step look at one
model and at those that it refers to, so only these are made for them. Every other kind of step
(Python, SQL, deleting, renaming, what changes a key that others may refer to) sees all models, as
it always does. A test holds the outcome against Django's own.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import RECURSIVE_RELATIONSHIP_CONSTANT, resolve_relation
from django.db.models import Field

Key = tuple[str, str]

_OF_FIELDS = (operations.AddField, operations.AlterField, operations.RemoveField)
_OF_ONE_MODEL = (
    *(operations.CreateModel, operations.AlterUniqueTogether),
    *(operations.AddIndex, operations.RemoveIndex),
    *(operations.AddConstraint, operations.RemoveConstraint),
    *_OF_FIELDS,
)


def take(
    migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor
) -> ProjectState:
    """Run a migration whose models before it are `state`. Out: the models after it."""
    if type(migration).apply is not Migration.apply:
        return migration.apply(state, editor)
    label = migration.app_label
    for step in migration.operations:
        model = _model_of(step, label, state)
        before = _part(state, model) if model else state.clone()
        step.state_forwards(label, state)
        after = _part(state, model) if model else state
        step.database_forwards(label, editor, before, after)
        # Kept, they would be made anew at every change; who needs all of them makes them once.
        state.__dict__.pop("apps", None)
    return state


def _model_of(step: Operation, label: str, state: ProjectState) -> Key | None:
    """The one model that the step looks at; None when it may look at any."""
    if type(step) not in _OF_ONE_MODEL:
        return None
    name = step.model_name if hasattr(step, "model_name") else step.name  # type: ignore[attr-defined]
    key = (label, str(name).lower())
    if isinstance(step, operations.AlterField):
        fields = (step.field, state.models[key].fields[step.name])
        if any(_is_key(one) for one in fields):
            return None
    return key


def _is_key(field: "Field[object, object]") -> bool:
    return field.primary_key or field.unique


def _part(state: ProjectState, model: Key) -> ProjectState:
    """Out: copies of a model, of those that it refers to, of those that they refer to, ..."""
    found: dict[Key, ModelState] = {}
    todo = {model} & state.models.keys()
    while todo:
        key = todo.pop()
        found[key] = state.models[key].clone()
        todo |= _referred_to(found[key]) & state.models.keys() - found.keys()
    return ProjectState(models=found, real_apps=state.real_apps)


def _referred_to(model: ModelState) -> set[Key]:
    named: list[Any] = [base for base in model.bases if isinstance(base, str)]
    for field in model.fields.values():
        if field.is_relation and field.remote_field is not None:
            named += [field.remote_field.model, getattr(field.remote_field, "through", None)]
    return {
        resolve_relation(one, model.app_label, model.name_lower)
        for one in named
        if one and one != RECURSIVE_RELATIONSHIP_CONSTANT
    }
