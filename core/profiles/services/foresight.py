"""What a change of the profile form would do to profiles that are there. Reads only, in counts."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import Cast, Length

from core.profiles.models import Field, Profile
from core.profiles.rules import (
    LINK_LENGTH,
    LONG_TEXT_LENGTH,
    SHORT_TEXT_LENGTH,
    Audience,
    Kind,
    Visibility,
)
from core.programme.services.foresight import many

FieldForesight = Callable[[Field | None, Field], Iterable[str]]
_known: list[FieldForesight] = []
LIMITS = {
    Kind.SHORT_TEXT: SHORT_TEXT_LENGTH,
    Kind.LONG_TEXT: LONG_TEXT_LENGTH,
    Kind.LINK: LINK_LENGTH,
}
WIDER = {Visibility.STAFF: 0, Visibility.PARTNER: 1, Visibility.EVERYONE: 2}
READERS = {
    Visibility.STAFF: "the programme team alone",
    Visibility.PARTNER: "matched partners and the programme team",
    Visibility.EVERYONE: "everyone",
}


def foresees_field(function: FieldForesight) -> FieldForesight:
    """Register what else follows from a change of a field: (before, after) to sentences."""
    _known.append(function)
    return function


def field_effects(before: Field | None, after: Field) -> list[str]:
    """What would follow from a field that is `after` in the place of `before` (None: a new one)."""
    return [
        *_required(before, after),
        *(_no_longer_asked(before, after) if before else ()),
        *(_readers(before, after) if before else ()),
        *(_limits(before, after) if before else ()),
        *(sentence for one in _known for sentence in one(before, after)),
    ]


def answered(key: str) -> QuerySet[Profile]:
    """Profiles that say something to a field."""
    return Profile.objects.filter(answers__has_key=key)


def chosen(field: Field) -> dict[str, int]:
    """How many profiles have chosen each option of a field, in one query."""
    rows = answered(field.key)
    if field.kind == Kind.CHOICES:
        rows = rows.annotate(
            option=Func(KeyTransform(field.key, "answers"), function="jsonb_array_elements_text")
        )
    else:
        rows = rows.annotate(option=KT(f"answers__{field.key}"))
    return dict(rows.values_list("option").annotate(number=Count("pk")).order_by())


def answers_by_field() -> dict[str, int]:
    """How many profiles answer each field, in one query."""
    rows = Profile.objects.annotate(key=Func(F("answers"), function="jsonb_object_keys"))
    return dict(rows.values_list("key").annotate(number=Count("pk")).order_by())


def roles_of(field: Field | None) -> set[str]:
    """Who is asked for a field now."""
    if field is None or not field.active:
        return set()
    both = {Audience.MENTOR.value, Audience.MENTEE.value}
    return both if field.audience == Audience.BOTH else {str(field.audience)}


def _required(before: Field | None, after: Field) -> Iterator[str]:
    """Whoever has no answer to what has to be answered now."""
    old = roles_of(before) if before and before.required else set()
    new = (roles_of(after) if after.required else set()) - old
    if not new:
        return
    lacking = Profile.objects.filter(role__in=new, person__is_active=True).exclude(
        answers__has_key=after.key
    )
    found = lacking.aggregate(
        done=Count("pk", filter=Q(complete=True)), open=Count("pk", filter=Q(complete=False))
    )
    if found["done"]:
        yield (
            f"{many(found['done'], 'complete profile has', 'complete profiles have')} no "
            "answer to this. They count as complete all the same, so nobody is stopped at the "
            "gate: these people have to answer when they next save their profile."
        )
    if found["open"]:
        yield (
            f"{many(found['open'], 'profile', 'profiles')} that are not complete yet would need "
            "one answer more before everything opens."
            if found["open"] > 1
            else "1 profile that is not complete yet would need one answer more before everything "
            "opens."
        )


def _no_longer_asked(before: Field, after: Field) -> Iterator[str]:
    gone = roles_of(before) - roles_of(after)
    if gone and (count := answered(after.key).filter(role__in=gone).count()):
        yield (
            f"{many(count, 'profile answers', 'profiles answer')} this: the answers are kept, but "
            "nobody sees them until it is asked again."
        )
    back = roles_of(after) - roles_of(before)
    if back and (count := answered(after.key).filter(role__in=back).count()):
        yield f"{many(count, 'answer', 'answers')} from before would be seen again."


def _readers(before: Field, after: Field) -> Iterator[str]:
    old, new = Visibility(before.visible_to), Visibility(after.visible_to)
    if old is new:
        return
    if count := answered(after.key).count():
        given = many(count, "answer that was", "answers that were")
        if WIDER[new] > WIDER[old]:
            yield (
                f"{given} given for {READERS[old]} would be read by {READERS[new]}. People were "
                "not asked for that: tell them first."
            )
        else:
            yield f"{given} read by {READERS[old]} would be read by {READERS[new]} only."


def _limits(before: Field, after: Field) -> Iterator[str]:
    """Answers that are there and would not be taken any more."""
    kind = Kind(after.kind)
    rows, key = answered(after.key), f"answers__{after.key}"
    beyond: QuerySet[Profile] | None = None
    if kind in LIMITS:
        longest, was = (one.max_length or LIMITS[kind] for one in (after, before))
        if longest < was:
            beyond = rows.annotate(size=Length(KT(key))).filter(size__gt=longest)
    elif kind is Kind.NUMBER:
        beyond = _outside(rows.annotate(size=Cast(KT(key), IntegerField())), before, after)
    elif kind is Kind.CHOICES:
        size = Func(
            KeyTransform(after.key, "answers"),
            function="jsonb_array_length",
            output_field=IntegerField(),
        )
        beyond = _outside(rows.annotate(size=size), before, after)
    if beyond is not None and (count := beyond.count()):
        yield (
            f"{many(count, 'answer', 'answers')} would be outside the new limits: these people "
            "have to change them when they next save their profile."
        )


def _outside(
    rows: QuerySet[Profile], before: Field, after: Field
) -> QuerySet[Profile] | None:  # fmt: skip
    if (before.minimum, before.maximum) == (after.minimum, after.maximum):
        return None
    outside = Q(pk=None)
    if after.minimum is not None:
        outside |= Q(size__lt=after.minimum)
    if after.maximum is not None:
        outside |= Q(size__gt=after.maximum)
    return rows.filter(outside)


def option_sentence(label: str, count: int) -> str:
    """What becomes of those who chose an option that is taken out of use."""
    if not count:
        return f"Nobody has chosen “{label}”."
    people = many(count, "profile has", "profiles have")
    return (
        f"{people} chosen “{label}”: they keep it until they choose otherwise. Nobody else can "
        "choose it, or search by it."
    )
