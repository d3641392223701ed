"""What is wrong with an entry of the map of personal data: its test asks this of every one."""

from collections.abc import Iterator
from typing import cast

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Model, UUIDField

from core.kernel.personal import Kept


def flaws(kept: Kept) -> Iterator[str]:
    """What is wrong with an entry, in sentences that name model.field.

    Every plain field is of one kind; every key of a person is sorted into `people`, `named` or
    `unseen`; every path leads along keys of rows to a person.
    """
    opts = kept.model._meta
    own = [*opts.local_fields, *opts.local_many_to_many]
    keys = {one.name for one in own if one.remote_field or one.primary_key}
    plain = {one.name for one in own} - keys
    sorted_keys = [*kept.people, *kept.named, *kept.unseen]
    bare_keys = {*sorted_keys, *kept.belongs.values()}
    for name in sorted(plain - set(kept.fields) - bare_keys):
        yield f"{kept.label}.{name} is not on the map"
    for place in (kept.fields, kept.withheld, kept.belongs):
        for name in sorted(set(place) - plain - keys):
            yield f"{kept.label}.{name} is on the map and not in the model"
    sorted_keys += [name for name in kept.fields if name in bare_keys]
    for name in sorted({name for name in sorted_keys if sorted_keys.count(name) > 1}):
        yield f"{kept.label}.{name} is sorted twice"
    person = get_user_model()
    for one in own:
        is_key = (one.many_to_one or one.one_to_one) and one.related_model is person
        if is_key and one.name not in sorted_keys:
            yield f"{kept.label}.{one.name} is the key of a person and not sorted"
    for path in [*sorted_keys, *kept.belongs.values(), *kept.with_whom]:
        if not _leads_to(person, kept.model, path):
            yield f"{kept.label}.{path} does not lead to a person"
    for name in sorted(set(kept.forms) - plain):
        yield f"{kept.label}.{name} has a form and is not in the model"
    asked = [path for form in kept.forms.values() for path in (form.edition, form.within) if path]
    for path in [*kept.beside.values(), *asked]:
        try:
            kept.model._base_manager.values(path)
        except FieldError:
            yield f"{kept.label}.{path} leads nowhere"


def _leads_to(person: type[Model], model: type[Model], path: str) -> bool:
    """Whether a path follows keys of rows, and ends at a person or at a person's bare key."""
    *way, last = path.split("__")
    try:
        for name in way:
            step = model._meta.get_field(name)
            if not (step.many_to_one or (step.one_to_one and step.concrete)):
                return False
            model = cast("type[Model]", step.related_model)
        if last == "pk":
            return model is person
        end = model._meta.get_field(last)
    except FieldDoesNotExist:
        return False
    if end.is_relation:
        return bool(end.concrete and not end.many_to_many and end.related_model is person)
    return isinstance(end, UUIDField) and not end.primary_key
