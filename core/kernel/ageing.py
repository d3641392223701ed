"""How rows go that are older than an institute keeps them (see `personal.retention`)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CASCADE, Model, QuerySet

from core.kernel import personal
from core.kernel.personal import Kind


def delete(rows: QuerySet[Any]) -> int:
    """Remove rows with what belongs to them, and their files once the transaction is through.

    Out: how many rows there were. The `remove` of most rules.
    """
    keys = list(rows.values_list("pk", flat=True))
    files = {
        str(name)
        for kept in personal.everything()
        for way in _ways_to(kept.model, rows.model)
        for field in kept.of_kind(Kind.FILE)
        for name in _names(kept.model, way, keys, field)
        if name
    }
    rows.model._base_manager.filter(pk__in=keys).delete()
    transaction.on_commit(lambda: _forget(files))
    return len(keys)


def _names(model: type[Model], way: str, keys: list[Any], field: str) -> Iterable[Any]:
    return model._base_manager.filter(**{f"{way}__in": keys}).values_list(field, flat=True)


def _ways_to(model: type[Model], target: type[Model]) -> Iterator[str]:
    """Paths from a row to the row that it goes with: itself, or its parent."""
    if model is target:
        yield "pk"
    for one in model._meta.local_concrete_fields:
        end = one.remote_field
        if end is not None and end.on_delete is CASCADE and one.related_model is target:
            yield one.name


def _forget(files: set[str]) -> None:
    for name in sorted(files):
        default_storage.delete(name)
