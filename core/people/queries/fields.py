"""The institute's profile fields as columns of a file."""

from dataclasses import dataclass

from core.people.rules.cells import Reader
from core.people.rules.targets import BOTH_ROLES, AnswerColumn, answer_columns
from core.profiles.models import Field
from core.profiles.rules import Audience, FieldRule, Kind


class FieldReader(Reader):
    """A reader that knows in whose profiles the field stands."""

    roles: tuple[str, ...] = BOTH_ROLES


def fields() -> list[Field]:
    """The fields that somebody answers now, in the order of the form, with their options."""
    found = Field.objects.filter(active=True).select_related("section")
    return list(found.prefetch_related("options"))


def columns(found: list[Field] | None = None) -> list[AnswerColumn]:
    """The columns in which answers may stand."""
    asked = fields() if found is None else found
    return answer_columns([(one.key, one.label, _audience(one)) for one in asked])


def readers() -> dict[str, FieldReader]:
    """Who reads the cells of each field, by its key."""
    found = {}
    for one in fields():
        options = list(one.options.all())
        rule = FieldRule(
            key=one.key,
            label=one.label,
            kind=Kind(one.kind),
            max_length=one.max_length,
            minimum=one.minimum,
            maximum=one.maximum,
            options=[option.key for option in options],
        )
        by_key = {option.key: option.key for option in options}
        by_label = {option.label: option.key for option in reversed(options)}
        retired = frozenset(option.key for option in options if not option.active)
        reader = FieldReader(rule, {**by_key, **by_label}, retired)
        audience = _audience(one)
        reader.roles = BOTH_ROLES if audience == Audience.BOTH else (audience,)
        found[one.key] = reader
    return found


@dataclass(frozen=True)
class Required:
    """The keys of the answers that make a profile complete, by role."""

    mentor: frozenset[str]
    mentee: frozenset[str]

    def of(self, role: str) -> frozenset[str]:
        """Those of one role."""
        return self.mentor if role == "mentor" else self.mentee


def required() -> Required:
    """What is asked of whom without fail; the same as `profiles.queries.missing`, read once."""
    asked: dict[str, set[str]] = {"mentor": set(), "mentee": set()}
    for one in fields():
        if one.required:
            audience = _audience(one)
            for role in BOTH_ROLES if audience == Audience.BOTH else (audience,):
                asked[role].add(one.key)
    return Required(frozenset(asked["mentor"]), frozenset(asked["mentee"]))


def _audience(one: Field) -> str:
    """Whose form shows the field: its section may be narrower than itself."""
    return one.section.audience if one.audience == Audience.BOTH else one.audience
