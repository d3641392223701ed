"""Criteria, mentors who can be found and mentees who look for them."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.accounts.models import Person
from core.kernel.clock import now
from core.matching.models import Criterion, Listing
from core.matching.rules import tokens_of
from core.profiles.models import Field, Option, Profile, Section
from tests.factories.mentorships import make_person


def clear_criteria() -> None:
    """Take away what the institute's bundle brought."""
    Criterion.objects.all().delete()
    Field.objects.all().delete()


def make_field(key: str, options: Iterable[str] = (), *, many: bool = False, **more: Any) -> Field:
    """A field of everyone's profile with a list of answers, labelled after its keys."""
    section, _ = Section.objects.get_or_create(key="search", defaults={"label": "Search"})
    kind = "choices" if many else "choice"
    field = Field.objects.create(
        **{"section": section, "key": key, "label": in_words(key), "kind": kind, **more}
    )
    for order, option in enumerate(options):
        Option.objects.create(field=field, key=option, label=in_words(option), order=order)
    return field


def make_criterion(
    key: str, options: Iterable[str] = (), *, many: bool = False, **more: Any
) -> Criterion:
    """A criterion on a new field that mentors and mentees both answer."""
    field = make_field(key, options, many=many)
    return Criterion.objects.create(
        **{
            "mentor_field": field,
            "mentee_field": field,
            "any_label": f"Any {in_words(key).lower()}",
            "order": Criterion.objects.count(),
            **more,
        }
    )


def make_found(name: str = "", *, answers: Mapping[str, Any], **fields: Any) -> Person:
    """A mentor who answered so; kept in the index by what the product does itself."""
    person = make_person(name, is_mentor=True, **fields)
    make_answers(person, "mentor", answers)
    return person


def make_seeker(answers: Mapping[str, Any], **fields: Any) -> Person:
    """A mentee whose complete profile says so."""
    person = make_person(is_mentee=True, **fields)
    make_answers(person, "mentee", answers)
    return person


def make_answers(person: Person, role: str, answers: Mapping[str, Any], **fields: Any) -> Profile:
    """A complete profile with answers."""
    at = now()
    return Profile.objects.create(
        **{
            "person": person,
            "role": role,
            "answers": dict(answers),
            "complete": True,
            "completed_at": at,
            "updated_at": at,
            **fields,
        }
    )


def make_listings(rows: Iterable[tuple[Person, Mapping[str, Any], int, int]]) -> None:
    """Put (person, answers, taken, room) straight into the index."""
    Listing.objects.bulk_create(
        Listing(
            person=person,
            tokens=tokens_of(answers, answers),
            listed=True,
            taken=taken,
            room=room,
        )
        for person, answers, taken, room in rows
    )


def in_words(key: str) -> str:
    """`north_west` → "North west"."""
    return key.replace("_", " ").capitalize()
