"""Staff draw the profile form (product B1, F5). Answers stay whatever is redrawn."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max

from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.profiles import rules
from core.profiles.models import Field, Option, Profile, Section
from core.profiles.rules import Kind
from core.profiles.services.foresight import answered, chosen

NEW: Final = "new"  # stands for a further one in addresses
CHOOSING: Final = frozenset({Kind.CHOICE.value, Kind.CHOICES.value})
STATED: Final = (
    "section", "label", "help", "kind", "audience", "required", "visible_to", "max_length",
    "minimum", "maximum", "active",
)  # fmt: skip


def state_of(row: Field | Section) -> dict[str, Any]:
    """What staff can say of a field or a section, as the audit trail shows it."""
    names = STATED if isinstance(row, Field) else ("label", "help", "audience")
    return {
        name: row.section.key if name == "section" else getattr(row, name)  # type: ignore[union-attr]
        for name in names
    }


@transaction.atomic
def put_section(section: Section, *, by: Actor) -> Section:
    """Keep a section; a new one comes last and gets its key from its name."""
    before = _standing(Section, section)
    if before is None:
        taken = {NEW, *Section.objects.values_list("key", flat=True)}
        section.key = rules.key_from(section.label, taken)
        section.order = (Section.objects.aggregate(last=Max("order"))["last"] or 0) + 1
    section.save()
    _tell(section, before, by)
    return section


@transaction.atomic
def put_field(field: Field, *, by: Actor) -> Field:
    """Keep a field; a new one comes last in its section and gets its key from its name.

    Errors: RuleBroken when the kind changes under answers that were given.
    """
    before = _standing(Field, field)
    if before is None:
        taken = {NEW, *Field.objects.values_list("key", flat=True)}
        field.key = rules.key_from(field.label, taken)
        last = field.section.fields.aggregate(last=Max("order"))["last"]
        field.order = (last or 0) + 1
    elif before.kind != field.kind and answered(field.key).exists():
        raise RuleBroken("People have answered this, so its kind stays as it is.")
    field.save()
    _tell(field, before, by)
    return field


def _standing(model: Any, row: Any) -> Any:
    return model.objects.select_for_update().filter(pk=row.pk).first()


def _tell(row: Any, before: Any, by: Actor) -> None:
    name = "profile field" if isinstance(row, Field) else "profile section"
    if before is None:
        audit.record(f"{name} added", thing=row, by=by, after=state_of(row))
        return
    old, new = state_of(before), state_of(row)
    changed = [key for key in new if new[key] != old[key]]
    if changed:
        audit.record(
            f"{name} changed",
            thing=row,
            by=by,
            before={key: old[key] for key in changed},
            after={key: new[key] for key in changed},
        )


@transaction.atomic
def move(rows: list[Any], key: str, step: int, *, by: Actor) -> bool:
    """Let a section, a field of a section or an option change places with its neighbour."""
    keys = [row.key for row in rows]
    if key not in keys:
        return False
    at = keys.index(key)
    to = at + step
    if not 0 <= to < len(rows):
        return False
    rows[at], rows[to] = rows[to], rows[at]
    changed = []
    for order, row in enumerate(rows):
        if row.order != order:
            row.order = order
            changed.append(row)
    type(rows[0]).objects.bulk_update(changed, ["order"])
    audit.record(f"{rows[to]._meta.verbose_name} moved", thing=rows[to], by=by, place=to + 1)
    return True


@transaction.atomic
def remove_section(section: Section, *, by: Actor) -> None:
    """Take an empty section away. Errors: RuleBroken while it holds fields, hidden ones too."""
    if section.fields.exists():
        raise RuleBroken("Move its questions to another section first.")
    audit.record("profile section removed", thing=section, by=by, label=section.label)
    section.delete()


@transaction.atomic
def remove_field(field: Field, *, by: Actor) -> None:
    """Take a field away that nobody has answered. Errors: RuleBroken when somebody has."""
    if answered(field.key).exists():
        raise RuleBroken("People have answered this: take it out of use instead.")
    audit.record("profile field removed", thing=field, by=by, label=field.label)
    field.delete()


@transaction.atomic
def add_option(field: Field, label: str, *, by: Actor) -> Option:
    """Offer one more answer, at the end. Errors: RuleBroken for an empty or a second same name."""
    label = _name(field, label)
    standing = list(Field.objects.select_for_update().get(pk=field.pk).options.all())
    made = Option.objects.create(
        field=field,
        key=rules.key_from(label, {one.key for one in standing}),
        label=label,
        order=max((one.order for one in standing), default=-1) + 1,
    )
    audit.record("option added", thing=made, by=by, field=field.key, label=label)
    field.save()  # who indexes answers hears of it
    return made


@transaction.atomic
def rename_option(option: Option, label: str, *, by: Actor) -> None:
    """Give an answer another name; whoever chose it has chosen it still."""
    label = _name(option.field, label, but=option)
    if label == option.label:
        return
    before, option.label = option.label, label
    option.save(update_fields=["label"])
    audit.record("option renamed", thing=option, by=by, before=before, after=label)


@transaction.atomic
def set_option_active(option: Option, active: bool, *, by: Actor) -> None:
    """Take an answer out of use, or offer it again. Whoever chose it keeps it."""
    if option.active != active:
        option.active = active
        option.save(update_fields=["active"])
        verb = "option brought back" if active else "option taken out of use"
        audit.record(verb, thing=option, by=by, field=option.field.key, label=option.label)
        option.field.save()


@transaction.atomic
def remove_option(option: Option, *, by: Actor) -> None:
    """Take an answer away that nobody has chosen. Errors: RuleBroken when somebody has."""
    if chosen(option.field).get(option.key):
        raise RuleBroken("People have chosen this: take it out of use, or merge it with another.")
    audit.record("option removed", thing=option, by=by, field=option.field.key, label=option.label)
    field = option.field
    option.delete()
    field.save()


@transaction.atomic
def merge_options(option: Option, into: Option, *, by: Actor) -> int:
    """Let everybody who chose one answer have chosen another; how many profiles that changed.

    The merged one is taken out of use. One statement, however many profiles there are.
    Errors: RuleBroken for options of two fields and for one and the same.
    """
    field = Field.objects.select_for_update().get(pk=option.field_id)
    if into.field_id != field.pk or into.pk == option.pk:
        raise RuleBroken("Choose another answer of the same question.")
    table = connection.ops.quote_name(Profile._meta.db_table)
    values: Mapping[str, Any] = {
        "key": field.key, "old": option.key, "new": into.key, "at": now(),
    }  # fmt: skip
    many = field.kind == Kind.CHOICES
    replaced = (
        "(SELECT jsonb_agg(DISTINCT CASE WHEN one = %(old)s THEN %(new)s ELSE one END)"
        " FROM jsonb_array_elements_text(answers -> %(key)s) AS one)"
        if many
        else "to_jsonb(%(new)s::text)"
    )
    held = "jsonb_build_array(%(old)s::text)" if many else "to_jsonb(%(old)s::text)"
    operator = "@>" if many else "="
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET updated_at = %(at)s,"  # noqa: S608 - our own names
            f" answers = jsonb_set(answers, ARRAY[%(key)s], {replaced})"
            f" WHERE answers -> %(key)s {operator} {held}",
            values,
        )
        count: int = cursor.rowcount
    option.active = False
    option.save(update_fields=["active"])
    audit.record(
        "option merged", thing=option, by=by, field=field.key, label=option.label, into=into.label,
        profiles=count,
    )  # fmt: skip
    field.save()
    return count


def _name(field: Field, label: str, but: Option | None = None) -> str:
    label = " ".join(label.split())
    if not label:
        raise RuleBroken("Write the answer first.")
    if len(label) > 160:
        raise RuleBroken("Use 160 characters or fewer.")
    others = field.options.exclude(pk=but.pk) if but else field.options.all()
    if others.filter(label__iexact=label).exists():
        raise RuleBroken(f"There is an answer “{label}” already.")
    return label
