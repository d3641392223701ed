"""Staff change the institute's words, menus, texts and names; every state can come back."""

from typing import Any, Final

from django.db import transaction

from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.errors import Conflict
from core.programme.models import Edition, Programme
from core.programme.queries import edition
from core.programme.services.editions import publish

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "words": ("words_data", "menus_data"),
    "front": ("tagline", "typical_length", "front_data", "legal_data"),
    "identity": (
        "programme_name", "organisation_name", "organisation_article", "contact_name",
        "contact_email",
        "mail_sender_name", "mail_sender_address", "mail_footer", "time_zone",
    ),
    "policies": ("policies_data",),
}  # fmt: skip
"""Which columns of the programme belong together, by the kind of their editions."""

Values = dict[str, Any]


def values_of(kind: str, row: Programme) -> Values:
    """What stands in the columns of a kind, in full: also what is left out because it is usual."""
    shapes: Values = {
        "words_data": lambda: row.words.model_dump(mode="json"),
        "menus_data": lambda: row.menus.model_dump(mode="json"),
        "front_data": lambda: row.front.model_dump(mode="json"),
        "policies_data": lambda: row.policies.model_dump(mode="json"),
        "legal_data": lambda: [link.model_dump(mode="json") for link in row.legal],
    }
    return {
        column: shapes[column]() if column in shapes else getattr(row, column)
        for column in COLUMNS[kind]
    }


def with_values(row: Programme, values: Values) -> Programme:
    """The settings as they would be, not saved. Raises pydantic's ValidationError."""
    shown = Programme(
        **{field.attname: getattr(row, field.attname) for field in Programme._meta.concrete_fields}
    )
    for column, value in values.items():
        setattr(shown, column, value)
    shown.check_shapes()
    return shown


@transaction.atomic
def put_settings(kind: str, values: Values, *, by: Actor, seen: int) -> Edition | None:
    """Put values of one kind in force. `seen` is the version on which they were written.

    Out: the version, None when nothing is different. What stood before is kept as a version too,
    also when a bundle brought it. Raises Conflict when somebody else was first.
    """
    row = Programme.objects.select_for_update().get()
    before = values_of(kind, row)
    standing = edition(kind, kind)
    if (standing.number if standing else 0) != seen:
        raise Conflict(
            "Somebody changed this while you were writing. Your words stand below: save again to "
            "put them in the place of theirs."
        )
    if values == before:
        return None
    if standing is None or standing.document != before:
        publish(kind, kind, before)
    for column, value in values.items():
        setattr(row, column, value)
    row.save()
    made = publish(kind, kind, values, by=by)
    changed = _flat(before), _flat(values)
    places = sorted(key for key in {*changed[0], *changed[1]} if _differ(key, *changed))
    audit.record(
        f"{kind}.changed",
        thing=row,
        by=by,
        version=made.number,
        before={place: changed[0].get(place) for place in places},
        after={place: changed[1].get(place) for place in places},
    )
    return made


def _flat(value: Any, place: str = "") -> dict[str, Any]:
    """{"words_data.request.plural": "requests", …}: what a reader of the trail can compare."""
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        inner = {str(number): one for number, one in enumerate(value, 1)}.items()
    else:
        return {place: value}
    return {
        key: one
        for name, part in inner
        for key, one in _flat(part, f"{place}.{name}" if place else str(name)).items()
    }


def _differ(key: str, before: Values, after: Values) -> bool:
    return before.get(key) != after.get(key)
